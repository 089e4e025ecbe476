"""Configuration: settings from the environment, logging, the web server's own file."""
