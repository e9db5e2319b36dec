# Writes the golden values of variance components' mean squares and of Holm's correction, by R itself.
#
#     Rscript test/golden/make_r.R
#
# Last made with R 4.2.2. Nothing runs this in a test.
number <- function(x) paste(trimws(formatC(x, digits = 17, format = "g")), collapse = ",")
list_of <- function(x) paste0("[", number(x), "]")

set.seed(11)
cases <- c()
for (design in list(c(5, 3), c(3, 2), c(6, 7))) {
  folds <- design[1]
  repetitions <- design[2]
  units <- expand.grid(fold = factor(seq_len(folds)), seed = factor(seq_len(repetitions)))
  score <- round(0.9 + rnorm(folds, sd = 0.02)[units$fold] + rnorm(repetitions, sd = 0.01)[units$seed] +
    rnorm(nrow(units), sd = 0.005), 6)
  crossed <- anova(lm(score ~ units$fold + units$seed))[["Mean Sq"]]
  nested <- anova(lm(score ~ units$fold))[["Mean Sq"]]
  cases <- c(cases, paste0(
    "{\"folds\":", folds, ",\"repetitions\":", repetitions, ",\"scores\":", list_of(score),
    ",\"crossed\":", list_of(crossed), ",\"nested\":", list_of(nested), "}"
  ))
}
p <- c(0.01, 0.04, 0.03, 0.005, 0.6, 0.9)
writeLines(paste0(
  "{\"variance\":[", paste(cases, collapse = ",\n"), "],\n\"holm\":{\"p\":", list_of(p),
  ",\"adjusted\":", list_of(p.adjust(p, method = "holm")), "}}"
), "test/golden/r.json")
