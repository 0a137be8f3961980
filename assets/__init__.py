"""Files the application brings along: fonts, programmes, sounds, drawings. Read them with `importlib.resources`."""
