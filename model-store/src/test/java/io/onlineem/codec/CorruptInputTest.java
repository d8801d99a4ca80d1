package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.MixtureParameters;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes, a decoder returns or throws a {@link CodecException}, and allocates no more than they warrant. */
class CorruptInputTest {

    /** Up to here every byte of a value is tried as the beginning of a length. */
    private static final int EVERY = 2000;

    /** From there on one in so many, of long arrays of numbers; odd, so that every alignment has its turn. */
    private static final int STRIDE = 7;

    private static final int MUTATIONS = 3_000;

    /** Lengths that overflow, are negative, or ask for more memory than there is. */
    private static final int[] HOSTILE = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 1 << 28, 0x1FFF_FFFF, 0};

    static List<Decoder> decoders() {
        StateCodec<MixtureParameters<GaussianParameters>> states = new StateCodec<>(Examples.SPEC, Examples.model());
        ContributionCodec contributions = new ContributionCodec(Examples.model().statisticsLength());
        ModelJson<MixtureParameters<GaussianParameters>> models = new ModelJson<>(Examples.SPEC, Examples.model());
        return List.of(
                new Decoder("state", states.encode(Examples.state()), states::decode),
                new Decoder(
                        "batch",
                        contributions.encode(new Contribution.Batch(12, Examples.sampledStatistics())),
                        contributions::decode),
                new Decoder(
                        "sample",
                        contributions.encode(new Contribution.Sample(Examples.observations())),
                        contributions::decode),
                new Decoder(
                        "observations", ObservationsCodec.encode(Examples.observations()), ObservationsCodec::decode),
                new Decoder(
                        "observations of sequences",
                        ObservationsCodec.encode(Examples.sequences()),
                        ObservationsCodec::decode),
                new Decoder("block", BlockCodec.encode(12, Examples.block()), BlockCodec::decode),
                new Decoder(
                        "sequence",
                        SequenceCodec.encode(Examples.sequence()),
                        bytes -> SequenceCodec.decode(bytes, "pump 7", Examples.BLOCKS, 2)),
                new Decoder("slot", SlotCodec.encode(3, -1, Examples.observations(), 1), slot -> {
                    Observations into = new Observations();
                    SlotCodec.appendTo(into, slot);
                    return into.size() + SlotCodec.sequence(slot) + SlotCodec.logLikelihood(slot);
                }),
                new Decoder("scorer", ScorerCodec.encode(Examples.scorer()), bytes -> ScorerCodec.decode(
                                bytes, Examples.CALIBRATION)
                        .score(3)),
                new Decoder("detector", DetectorCodec.encode(Examples.detector()), bytes -> DetectorCodec.decode(
                                bytes, Examples.DETECTION, "pump/7")
                        .observe(3, 5000)),
                new Decoder("control", ControlStateCodec.encode(Examples.control()), ControlStateCodec::decode),
                new Decoder("command", CommandJson.write(Examples.command()), CommandJson::read),
                new Decoder(
                        "acknowledgement",
                        AcknowledgementJson.write(Examples.acknowledgement()),
                        AcknowledgementJson::read),
                new Decoder("orders", WatchOrdersJson.write("wind", Examples.orders()), WatchOrdersJson::read),
                new Decoder("model", models.write(Examples.published()), models::read),
                new Decoder("fit", FitJson.write(Examples.fit()), json -> FitJson.readStart(json, Examples.model())));
    }

    record Decoder(String name, byte[] valid, Function<byte[], Object> decode) {

        /** Whether the bytes were refused; fails on anything but a {@link CodecException}. */
        boolean refuses(byte[] bytes) {
            try {
                assertThat(decode.apply(bytes)).isNotNull();
                return false;
            } catch (CodecException e) {
                assertThat(e.getMessage()).isNotBlank();
                return true;
            } catch (RuntimeException | Error e) {
                return fail(name + " of " + Arrays.toString(bytes), e);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void everyTruncationIsRefused(Decoder decoder) {
        for (int length = 0; length < decoder.valid.length; length++) {
            assertThat(decoder.refuses(Arrays.copyOf(decoder.valid, length)))
                    .as("%s bytes", length)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void hostileLengthsAnywhereAreReadOrRefused(Decoder decoder) {
        int refused = 0;
        for (int at = 0; at + Integer.BYTES <= decoder.valid.length; at += at < EVERY ? 1 : STRIDE) {
            for (int hostile : HOSTILE) {
                byte[] bytes = decoder.valid.clone();
                Bytes.putInt(bytes, at, hostile);
                refused += decoder.refuses(bytes) ? 1 : 0;
            }
        }
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void randomDamageIsReadOrRefused(Decoder decoder) {
        SplittableRandom random = new SplittableRandom(42);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = decoder.valid.clone();
            int changes = 1 + random.nextInt(4);
            for (int c = 0; c < changes; c++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            refused += decoder.refuses(bytes) ? 1 : 0;
        }
        assertThat(refused).isPositive();
    }

    @Test
    void fieldsNestedWithoutEndAreRefusedBeforeTheStackIsExhausted() {
        ByteWriter out = new ByteWriter(Format.STATE, 0);
        for (int depth = 0; depth < 100_000; depth++) {
            out.int32(1).text("").int8(6);
        }
        byte[] bytes = out.int32(0).toBytes();

        assertThatThrownBy(() -> FieldsBinary.read(new ByteReader(bytes, Format.STATE)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("nested more than 16 deep");
    }

    @Test
    void fieldsAreWrittenAsDeepAsTheyAreRead() {
        Fields fields = new Fields().with("number", 1.0);
        for (int depth = 1; depth < 16; depth++) {
            fields = new Fields().with("inside", fields);
        }
        Fields deepest = fields;
        Fields tooDeep = new Fields().with("inside", fields);
        ByteWriter out = new ByteWriter(Format.STATE, 0);

        FieldsBinary.write(out, deepest);
        byte[] bytes = out.toBytes();

        assertThatCode(() -> FieldsBinary.read(new ByteReader(bytes, Format.STATE)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> FieldsBinary.write(new ByteWriter(Format.STATE, 0), tooDeep))
                .isInstanceOf(CodecException.class);
    }
}
