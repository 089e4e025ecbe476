"""Our frames in partners' pages: sessions that a partner's server opens, and what a frame may ask."""
