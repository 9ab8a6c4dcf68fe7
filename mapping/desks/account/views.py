"""How does a person come in and leave? Sign-in with name and password; sign-out by POST.

It does not manage accounts: the administrator does, in the admin.
"""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mapping.desks.account.forms import SignInForm
from mapping.entrance import first_desk, safe_next


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in form, or sign the person in and lead to where they wanted to go."""
    form = SignInForm(request, data=request.POST or None)
    wanted = safe_next(request)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect(wanted or first_desk(request))
    status = 422 if request.method == "POST" else 200
    return render(request, "account/login.html", {"form": form, "next": wanted}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and go back to the public map."""
    logout(request)
    return redirect("public:home")
