/** Linear-Gaussian state space models: the Kalman filter, its smoother, and EM for what drives both. */
package io.onlineem.statespace;
