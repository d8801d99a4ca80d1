/** Topic models: latent Dirichlet allocation, learned by variational EM. */
package io.onlineem.topic;
