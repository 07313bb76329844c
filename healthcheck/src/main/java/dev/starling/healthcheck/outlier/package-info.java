/**
 * Outlier detection: what the data path counts without a message, the pure book of ejections, and one actor per cluster
 * that ejects and readmits.
 */
@NullMarked
package dev.starling.healthcheck.outlier;

import org.jspecify.annotations.NullMarked;
