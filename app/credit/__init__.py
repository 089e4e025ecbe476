"""Credit: products, applications, decisions that explain themselves, credit lines."""
