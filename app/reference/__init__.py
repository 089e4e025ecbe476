"""Reference pages for developers: the API documents as HTML, and a page for every problem code."""
