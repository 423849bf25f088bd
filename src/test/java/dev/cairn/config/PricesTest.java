package dev.cairn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {
    @Test
    void theNameItselfCountsBeforeAPatternAndTheFirstPatternBeforeTheNext() {
        Prices prices = Prices.parse(List.of("claude-*=3/15", "claude-haiku-4-5=1/5/0.1/1.25", "*=9/9"));
        assertThat(prices.of("claude-haiku-4-5")).isEqualTo(new Prices.Price(1, 5, 0.1, 1.25));
        assertThat(prices.of("claude-other")).isEqualTo(new Prices.Price(3, 15, 3, 3));
        assertThat(prices.of("gpt")).isEqualTo(new Prices.Price(9, 9, 9, 9));
        assertThat(Prices.parse(List.of("a=1/2")).of("b")).isNull();
    }

    @Test
    void aCostIsInMicroDollars() {
        assertThat(new Prices.Price(1, 5, 0.1, 1.25).cost(1_000_000, 100_000, 10_000, 1_000))
                .isEqualTo(1_000_000 + 500_000 + 1_000 + 1_250);
    }

    @Test
    void aNameMayHoldAnEqualsSign() {
        assertThat(Prices.parse(List.of("a=b=1/2")).of("a=b")).isEqualTo(new Prices.Price(1, 2, 1, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "m", "=1/2", "m=1", "m=1/2/3", "m=x/1", "m=-1/1", "m=1/1000001", "m=1//", "m=1/2/3/4/5"})
    void whatIsNoPriceIsRefusedByItsKey(String entry) {
        assertThatThrownBy(() -> Prices.parse(List.of(entry)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("observer.prices")
                .hasMessageContaining("'" + entry + "'");
    }
}
