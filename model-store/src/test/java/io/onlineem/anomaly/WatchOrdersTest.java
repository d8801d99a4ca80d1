package io.onlineem.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.anomaly.WatchOrders.Feedback;
import io.onlineem.anomaly.WatchOrders.Maintenance;
import org.junit.jupiter.api.Test;

class WatchOrdersTest {

    @Test
    void aWindowCoversTimesFromItsBeginningToBeforeItsEndOfTheStreamsThatItIsOf() {
        WatchOrders orders = WatchOrders.NONE
                .with(new Maintenance("all", null, 100, 200), 0)
                .with(new Maintenance("one", "m/7", 300, 400), 0)
                .with(new Maintenance("now", "m/8", WatchOrders.AT_ONCE, 50), 0);

        assertThat(orders.maintains("m/7", 99)).isFalse();
        assertThat(orders.maintains("m/7", 100)).isTrue();
        assertThat(orders.maintains("m/8", 199)).isTrue();
        assertThat(orders.maintains("m/7", 200)).isFalse();
        assertThat(orders.maintains("m/7", 300)).isTrue();
        assertThat(orders.maintains("m/8", 300)).isFalse();
        assertThat(orders.maintains("m/8", -1)).isTrue();
        assertThat(orders.without(each -> each.id().equals("all")).maintains("m/7", 100))
                .isFalse();
        assertThatThrownBy(() -> new Maintenance("none", null, 5, 5))
                .hasMessage("maintenance is from 5 to 5; expected an end after the beginning");
    }

    @Test
    void aWindowThatIsOverMakesRoomWhereThereAreTooMany() {
        WatchOrders orders = WatchOrders.NONE;
        for (int i = 0; i < WatchOrders.MOST_MAINTENANCE; i++) {
            orders = orders.with(new Maintenance("w" + i, null, 0, 1000 - i), 0);
        }
        WatchOrders full = orders;
        Maintenance one = new Maintenance("more", null, 0, 5000);
        assertThatThrownBy(() -> full.with(one, 936))
                .hasMessage(
                        "64 maintenance windows are announced, none of which is over; expected at most 64: end some,"
                                + " or join them");

        WatchOrders after = full.with(one, 937);
        assertThat(after.maintenance()).hasSize(WatchOrders.MOST_MAINTENANCE).contains(one);
        assertThat(after.maintenance())
                .extracting(Maintenance::id)
                .contains("w62")
                .doesNotContain("w63");
    }

    @Test
    void theNewestFeedbackIsKept() {
        WatchOrders orders = WatchOrders.NONE;
        for (int i = 1; i <= WatchOrders.MOST_FEEDBACK + 3; i++) {
            orders = orders.with(new Feedback(orders.newestFeedback() + 1, "m/7", i));
        }

        assertThat(orders.newestFeedback()).isEqualTo(WatchOrders.MOST_FEEDBACK + 3);
        assertThat(orders.feedback()).hasSize(WatchOrders.MOST_FEEDBACK);
        assertThat(orders.feedback().get(0)).isEqualTo(new Feedback(4, "m/7", 4));
    }

    @Test
    void anIncidentIsNamedByItsStreamAndItsNumber() {
        assertThat(Feedback.of(1, "m/a#b#12")).contains(new Feedback(1, "m/a#b", 12));
        assertThat(Feedback.of(1, "m/a#b#12").orElseThrow().id()).isEqualTo("m/a#b#12");
        for (String wrong :
                new String[] {"", "m/7", "m/7#", "#1", "m/7#0", "m/7#-1", "m/7#1x", "m/7#1234567890123456789"}) {
            assertThat(Feedback.of(1, wrong)).as(wrong).isEmpty();
        }
    }
}
