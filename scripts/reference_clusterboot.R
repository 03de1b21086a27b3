# Writes the reference values of the tests of stability: fpc's clusterboot on a table of its own.
#
#     Rscript scripts/reference_clusterboot.R   # writes tests/reference/clusterboot*.csv
#
# Needs the CRAN package fpc (2.2-10), which Debian has as r-cran-fpc; the versions used are written into
# the first line of clusterboot.csv. The table has 300 customers in five groups whose stability differs:
# two far from all others, two that overlap, and one spread thinly over all. Seeded: the same versions
# write the same files.
#
# clusterboot_data.csv: the table. clusterboot.csv: one row for each of the five clusters that k-means
# finds, largest first: the scheme, resamples (B), its customers and centre, and what clusterboot says of
# it: mean Jaccard similarity, how often it dissolved (at most 0.5) and was recovered (above 0.75).
# clusterboot_draws.csv: for B = 100, one digit a customer, how often it was drawn. Schemes: "once", as
# many customers with replacement, each of which counts once however often it was drawn (the default of
# fpc); "weighted", as often as it was drawn (multipleboot = TRUE), as in Hennig (2007); "subset", half of
# them without replacement.

suppressMessages(library(fpc))

RUNS <- 20 # starts of each fit, the best kept

set.seed(20260101)
group <- function(n, x, y, deviation) cbind(rnorm(n, x, deviation), rnorm(n, y, deviation))
data <- rbind(
  group(90, 0, 0, 0.8),
  group(70, 9, 0, 0.9),
  group(60, 3.6, 6, 1.1),
  group(50, 6.4, 7.4, 1.1),
  cbind(runif(30, -3, 12), runif(30, -3, 10))
)
data <- data[sample(nrow(data)), ]
data <- round(data, 4)

rownames(data) <- seq_len(nrow(data))

# kmeansCBI that keeps the customers of every call.
seen <- list()
recording <- function(data, ...) {
  seen[[length(seen) + 1]] <<- tabulate(as.integer(rownames(data)), 300)
  kmeansCBI(data, ...)
}

draws <- NULL
rows <- function(scheme, method, B, multiple) {
  seen <<- list()
  found <- clusterboot(
    data, B = B, bootmethod = method, multipleboot = multiple, clustermethod = recording,
    krange = 5, runs = RUNS, count = FALSE, seed = 1
  )
  stopifnot(length(seen) == B + 1)
  if (B == 100) {
    digits <- vapply(seen[-1], paste, "", collapse = "")
    draws <<- rbind(draws, data.frame(scheme = scheme, times = digits))
  }
  of <- function(kind) found[[paste0(method, kind)]]
  order <- order(-tabulate(found$partition, 5))
  data.frame(
    scheme = scheme, resamples = B, customers = tabulate(found$partition, 5)[order],
    x = found$result$result$centers[order, 1], y = found$result$result$centers[order, 2],
    jaccard = of("mean")[order], dissolved = of("brd")[order], recovered = of("recover")[order]
  )
}

values <- do.call(rbind, lapply(c(100, 1000), function(B) {
  rbind(
    rows("once", "boot", B, FALSE),
    rows("weighted", "boot", B, TRUE),
    rows("subset", "subset", B, FALSE)
  )
}))

arguments <- commandArgs(FALSE)
script <- sub("--file=", "", arguments[grep("--file=", arguments)])
folder <- file.path(dirname(script), "..", "tests", "reference")
write.csv(data.frame(x = data[, 1], y = data[, 2]), file.path(folder, "clusterboot_data.csv"),
  row.names = FALSE, quote = FALSE)
write.csv(draws, file.path(folder, "clusterboot_draws.csv"), row.names = FALSE, quote = FALSE)
out <- file(file.path(folder, "clusterboot.csv"), "w")
writeLines(sprintf("# R %s, fpc %s; %d starts a fit", getRversion(), packageVersion("fpc"), RUNS), out)
values$x <- round(values$x, 6)
values$y <- round(values$y, 6)
values$jaccard <- round(values$jaccard, 6)
write.csv(values, out, row.names = FALSE, quote = FALSE)
close(out)
