"""The sample province and its simulated people. Imports everything below it; only the command line imports it."""
