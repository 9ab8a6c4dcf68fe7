"""Which addresses does the desk of the rules answer?"""

from django.urls import path

from mapping.desks.rules import draft_pages, pages, trial, values, writing

app_name = "rules"
urlpatterns = [
    path("quy-tac/", pages.home, name="home"),
    path("quy-tac/muc/<slug:code>/", pages.rule_page, name="rule"),
    path("quy-tac/phien-ban/", pages.versions, name="versions"),
    path("quy-tac/phien-ban/<int:number>/", pages.version_page, name="version"),
    path("quy-tac/tham-so/", pages.parameters, name="parameters"),
    path("quy-tac/tham-so/<slug:code>/", values.new_value, name="value"),
    path("quy-tac/du-thao/", draft_pages.draft_page, name="draft"),
    path("quy-tac/du-thao/mo/", draft_pages.open_it, name="open"),
    path("quy-tac/du-thao/cap-nhat/", draft_pages.rebase, name="rebase"),
    path("quy-tac/du-thao/ban-hanh/", draft_pages.publish, name="publish"),
    path("quy-tac/du-thao/bo/", draft_pages.discard, name="discard"),
    path("quy-tac/du-thao/muc/them/", writing.new_rule, name="new"),
    path("quy-tac/du-thao/muc/xem-truoc/", writing.show_preview, name="preview"),
    path("quy-tac/du-thao/muc/sua/<slug:code>/", writing.edit_rule, name="edit"),
    path("quy-tac/du-thao/muc/bo/<slug:code>/", writing.remove, name="remove"),
    path("quy-tac/du-thao/muc/tra-lai/<slug:code>/", writing.restore, name="restore"),
    path("quy-tac/du-thao/thu/", trial.start, name="start_trial"),
    path("quy-tac/du-thao/thu/<int:pk>/", trial.trial_page, name="trial"),
    path("quy-tac/du-thao/thu/<int:pk>/dung/", trial.cancel, name="cancel_trial"),
    path("quy-tac/du-thao/thu/<int:pk>/tiep/", trial.resume, name="resume_trial"),
]
