#!/bin/sh
# Makes data/ and cases/ again. Needs R with survey, psych, lavaan (Debian: r-cran-survey r-cran-psych r-cran-lavaan)
# and binom, ICRanks, RankingProject, relaimpo from CRAN sources.
set -e
cd "$(dirname "$0")"
for f in [0-9h][0-9]*.R; do
  case "$f" in *_functions.R) continue ;; esac
  REF_OUT=.. Rscript "$f"
done
