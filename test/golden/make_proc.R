# Writes the golden values of DeLong's interval and test, by R's pROC.
#
#     apt-get install r-base-core r-cran-proc && Rscript test/golden/make_proc.R
#
# Last made with R 4.2.2 and pROC 1.18.0. Nothing runs this in a test.
suppressMessages(library(pROC))

number <- function(x) paste(trimws(formatC(x, digits = 17, format = "g")), collapse = ",")
list_of <- function(x) paste0("[", number(x), "]")

set.seed(3)
cases <- c()
for (design in list(c(60, 0.7, 1), c(25, 2, 1), c(200, 0.3, 3), c(40, 1, 9))) {
  n <- design[1]
  positive <- rep(c(0, 1), length.out = n)
  positive[1:4] <- c(0, 0, 1, 1)
  shared <- rnorm(n)
  first <- round(design[2] * positive + shared + 0.5 * rnorm(n), design[3])
  second <- round(0.6 * design[2] * positive + shared + 0.7 * rnorm(n), design[3])
  roc_first <- roc(positive, first, direction = "<", quiet = TRUE)
  roc_second <- roc(positive, second, direction = "<", quiet = TRUE)
  one <- ci.auc(roc_first, method = "delong")
  wide <- ci.auc(roc_first, method = "delong", conf.level = 0.8)
  both <- roc.test(roc_first, roc_second, method = "delong", paired = TRUE)
  cases <- c(cases, paste0(
    "{\"positive\":", list_of(positive), ",\"first\":", list_of(first), ",\"second\":", list_of(second),
    ",\"auc\":", number(one[2]), ",\"ci95\":", list_of(one[c(1, 3)]), ",\"ci80\":", list_of(wide[c(1, 3)]),
    ",\"aucSecond\":", number(auc(roc_second)),
    ",\"z\":", number(both$statistic), ",\"p\":", number(both$p.value),
    ",\"difference\":", list_of(as.numeric(both$conf.int)), "}"
  ))
}
writeLines(paste0("[", paste(cases, collapse = ",\n"), "]"), "test/golden/proc.json")
