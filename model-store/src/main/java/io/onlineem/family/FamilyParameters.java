package io.onlineem.family;

import io.onlineem.em.Parameters;

/** Parameters of K components of a family. */
public interface FamilyParameters extends Parameters {

    /** K. */
    int components();
}
