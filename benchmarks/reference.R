# Rscript reference.R data.csv out.csv: outcome in the column `outcome`, all others covariates.
# Writes method, kind (seconds, loglik, estimate, error), name, value. Reading and start-up are not timed.
suppressMessages({library(MASS); library(ordinal)})
path <- commandArgs(trailingOnly = TRUE)
data <- read.csv(path[1])
data$outcome <- factor(data$outcome, ordered = TRUE)
rows <- function(method, kind, names, values)
  data.frame(method = method, kind = kind, name = names, value = as.numeric(values))
measured <- function(method, fit) {
  gc()
  seconds <- system.time({model <- fit(); covariance <- vcov(model)})[["elapsed"]]
  estimates <- if (method == "polr") c(coef(model), model$zeta) else c(model$beta, model$alpha)
  labels <- names(estimates)
  rbind(rows(method, "seconds", "", seconds), rows(method, "loglik", "", logLik(model)),
        rows(method, "estimate", labels, estimates),
        rows(method, "error", labels, sqrt(diag(covariance))[labels]))
}
out <- rbind(
  measured("polr", function() polr(outcome ~ ., data = data, Hess = TRUE)),
  measured("clm", function() clm(outcome ~ ., data = data)))
versions <- data.frame(
  method = "R", kind = "version", name = c("R", "MASS", "ordinal"),
  value = c(paste(R.version$major, R.version$minor, sep = "."),
            as.character(packageVersion("MASS")), as.character(packageVersion("ordinal"))))
out$value <- format(out$value, digits = 17, trim = TRUE)
out <- rbind(out, versions)
write.csv(out, path[2], row.names = FALSE)
