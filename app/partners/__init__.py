"""Partners: who they are, the keys they sign with, the web origins they may show our frames on."""
