package io.onlineem.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/** Processor time of the one stream thread of an application in this process. */
final class StreamThreadClock {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long UNKNOWN = -1;

    private final String application;
    private long thread = UNKNOWN;

    StreamThreadClock(String application) {
        this.application = application;
    }

    /** What the stream threads of an application are called. */
    static boolean isStreamThread(String threadName, String application) {
        return threadName.startsWith(application + "-") && threadName.contains("-StreamThread-");
    }

    /** Nanoseconds; 0 before the thread has started. */
    long nanoseconds() {
        if (thread == UNKNOWN) {
            for (ThreadInfo info : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
                if (info != null && isStreamThread(info.getThreadName(), application)) {
                    thread = info.getThreadId();
                }
            }
        }
        return thread == UNKNOWN ? 0 : Math.max(0, THREADS.getThreadCpuTime(thread));
    }
}
