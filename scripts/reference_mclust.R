# Writes tests/reference/mixture_mclust.csv, which the tests of the Gaussian mixture compare with.
#
#     Rscript scripts/reference_mclust.R        (in the top folder; needs mclust, made with 6.0.0)
#
# From the classes of tests/reference/mixture_data.csv (see reference_mixture.py), mclust's EM to
# its end for the models that segtrail's covariances are: VVV full, EEE tied, VVI diagonal, VII
# spherical; without noise, and with one tenth of noise in the box that holds the rows. mclust's
# BIC, 2 ln L - m ln n, is written as it is: higher is better.

suppressPackageStartupMessages(library(mclust))

data <- read.csv("tests/reference/mixture_data.csv")
rows <- as.matrix(data[, c("a", "b", "c")])
z <- unmap(data$class)
control <- emControl(tol = c(1e-14, 1e-14), itmax = c(100000, 100000))
box <- prod(apply(rows, 2, function(column) diff(range(column))))
models <- c(full = "VVV", tied = "EEE", diagonal = "VVI", spherical = "VII")

result <- NULL
for (noise in c(FALSE, TRUE)) {
  for (name in names(models)) {
    fit <- if (noise) {
      me(data = rows, modelName = models[[name]], z = cbind(0.9 * z, 0.1), control = control, Vinv = 1 / box)
    } else {
      me(data = rows, modelName = models[[name]], z = z, control = control)
    }
    value <- bic(models[[name]], loglik = fit$loglik, n = nrow(rows), d = ncol(rows), G = ncol(z), noise = noise)
    parameters <- nMclustParams(models[[name]], d = ncol(rows), G = ncol(z), noise = noise)
    result <- rbind(result, data.frame(
      covariance = name, model = models[[name]], noise = noise, parameters = parameters,
      log_likelihood = sprintf("%.12g", fit$loglik), bic = sprintf("%.12g", value),
      weight_of_noise = sprintf("%.9g", if (noise) fit$parameters$pro[ncol(z) + 1] else 0)
    ))
  }
}
file <- "tests/reference/mixture_mclust.csv"
version <- paste0("# mclust ", packageVersion("mclust"), ", R ", getRversion())
writeLines(c(version, capture.output(write.csv(result, quote = FALSE, row.names = FALSE))), file)
