using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Values;

public sealed class DecimalValueTests
{
    private sealed record Priced(Quantity Quantity, UnitPrice Price, Rate Rate, ExchangeRate Exchange, Id<Priced> Id);

    [Theory]
    [InlineData("3", "3", "3.00")]
    [InlineData("1.250", "1.25", "1.25")]
    [InlineData("0.000001", "0.000001", "0.000001")]
    [InlineData("-4.9", "-4.9", "-4.90")]
    [InlineData("007", "7", "7.00")]
    [InlineData("-0", "0", "0.00")]
    public void Text_is_canonical_and_a_price_shows_two_decimals(string text, string canonical, string price)
    {
        Quantity.Parse(text).ToString().ShouldBe(canonical);
        Rate.Parse(text).ToString().ShouldBe(canonical);
        UnitPrice.Parse(text).ToString().ShouldBe(price);
    }

    [Fact]
    public void More_than_six_decimals_are_not_read()
    {
        Quantity.TryParse("1.1234567", out _).ShouldBeFalse();
        UnitPrice.TryParse("1.1234560", out _).ShouldBeFalse();
        Rate.TryParse("9223372036854.775808", out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Rate.Parse("x"));
    }

    [Fact]
    public void Every_value_reads_back_from_its_text() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), millionths =>
                Quantity.Parse(new Quantity(millionths).ToString()).Millionths == millionths
                && UnitPrice.Parse(new UnitPrice(millionths).ToString()).Millionths == millionths
                && Rate.Parse(new Rate(millionths).ToString()).Millionths == millionths
                && ExchangeRate.Parse(new ExchangeRate(millionths).ToString()).Trillionths == millionths)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Quantities_are_counted_exactly()
    {
        (Quantity.Of(3) - Quantity.Parse("0.5")).ShouldBe(Quantity.Parse("2.5"));
        (-Quantity.One).IsNegative.ShouldBeTrue();
        Quantity.Sum([Quantity.One, Quantity.Parse("0.25")]).ShouldBe(Quantity.Parse("1.25"));
        Quantity.Parse("1.25").FitsDecimals(2).ShouldBeTrue();
        Quantity.Parse("1.25").FitsDecimals(1).ShouldBeFalse();
        Should.Throw<OverflowException>(() => Quantity.Of(long.MaxValue));
        Rate.Percent(20).ShouldBe(Rate.Parse("0.2"));
        Rate.Ratio(1, 8, Rounding.HalfAwayFromZero).ShouldBe(Rate.Parse("0.125"));
        UnitPrice.Parse("8.00").Times(Rate.Parse("0.875"), Rounding.HalfAwayFromZero).ShouldBe(UnitPrice.Parse("7"));
    }

    [Fact]
    public void Json_has_strings_only()
    {
        var priced = new Priced(
            Quantity.Parse("2.5"), UnitPrice.Parse("4.99"), Rate.Parse("0.2"), ExchangeRate.Parse("0.92"),
            Id<Priced>.Parse("0198c0de-0000-7000-8000-000000000001"));
        var json = JsonSerializer.Serialize(priced);
        json.ShouldBe(
            """{"Quantity":"2.5","Price":"4.99","Rate":"0.2","Exchange":"0.92","Id":"0198c0de-0000-7000-8000-000000000001"}""");
        JsonSerializer.Deserialize<Priced>(json).ShouldBe(priced);
        JsonSerializer.Deserialize<Dictionary<Quantity, Rate>>("""{"2.5":"0.1"}""")![Quantity.Parse("2.5")].ShouldBe(Rate.Parse("0.1"));
    }

    [Theory]
    [InlineData("2.5")]
    [InlineData("\"x\"")]
    [InlineData("\"1.1234567\"")]
    [InlineData("null")]
    public void Anything_else_in_json_is_refused(string json)
    {
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Quantity>(json));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<UnitPrice>(json));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Rate>(json));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Id<Priced>>(json));
    }

    [Fact]
    public void Ids_are_of_version_seven_and_sort_by_time()
    {
        var id = Ids.New(TimeProvider.System);
        id.Version.ShouldBe(7);
        Id<Priced>.TryParse("{0198c0de-0000-7000-8000-000000000001}", out _).ShouldBeFalse();
        Id<Priced>.New(TimeProvider.System).ToString().Length.ShouldBe(36);
    }
}
