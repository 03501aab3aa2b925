"""Scripts for the people who keep the repository; the application never imports them."""
