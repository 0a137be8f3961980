"""Every file format that can be read, one module each; pure: a path in, a `Recording` out."""
