# The work of bench/stats.py by R's survey package: one item by unit, linearised, scaled to all items.
arguments <- commandArgs(trailingOnly = TRUE)
if (!requireNamespace("survey", quietly = TRUE)) { cat("package survey is not installed\n"); quit(status = 0) }
suppressMessages(library(survey))
rows <- read.csv(arguments[1])
items <- as.numeric(arguments[2])
started <- proc.time()[["elapsed"]]
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = rows, nest = TRUE)
made <- proc.time()[["elapsed"]]
found <- svyby(~q, ~unit, subset(design, !is.na(q)), svymean)
ended <- proc.time()[["elapsed"]]
cat(sprintf("%s, survey %s: design %.2f s, one item by unit %.2f s, %d items about %.1f s; sum of shares %.10f, of standard errors %.10f\n",
            R.version.string, packageVersion("survey"), made - started, ended - made, items,
            made - started + items * (ended - made), sum(coef(found)), sum(SE(found))))
