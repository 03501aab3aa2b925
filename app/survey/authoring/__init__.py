"""New versions of question sets made in the browser: translating, uploading, comparing, publishing."""
