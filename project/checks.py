"""Is the house fit to open? Django system checks that span floors; each floor checks its own matters itself."""
