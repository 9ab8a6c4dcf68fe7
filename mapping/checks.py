"""Are the windows safe to open? System checks of the windows: demo mode, content security."""
