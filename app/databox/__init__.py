"""The data box: documents of a business, taken in safely, read, confirmed by the business and shown only to it."""
