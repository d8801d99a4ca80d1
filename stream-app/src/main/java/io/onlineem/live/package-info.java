/** What the live page shows: samples of scored records, past versions of models, and counts over time, all bounded. */
package io.onlineem.live;
