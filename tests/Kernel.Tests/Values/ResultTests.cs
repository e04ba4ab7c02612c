using Plug1.Kernel.Values;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Values;

public sealed class ResultTests
{
    private static readonly Refusal Short = new("STOCK_SHORT", "Only 2 are left.", "/lines/0", 409);

    [Fact]
    public void A_result_is_a_value_or_a_refusal()
    {
        Result<int> three = 3;
        three.Value.ShouldBe(3);
        three.IsRefused.ShouldBeFalse();

        Result<int> no = Short;
        no.IsRefused.ShouldBeTrue();
        no.Refusal.ShouldBe(Short);
        no.ToString().ShouldBe("STOCK_SHORT: Only 2 are left.");
        Should.Throw<InvariantBrokenException>(() => no.Value);

        Result without = no;
        without.Refusal.ShouldBe(Short);
        Result.Done.IsRefused.ShouldBeFalse();
        Result.Of<IReadOnlyList<int>>([1, 2]).Value.Count.ShouldBe(2);
    }

    [Fact]
    public void A_broken_invariant_says_what_should_have_held()
    {
        var lines = 0;
        Should.Throw<InvariantBrokenException>(() => Invariant.Holds(lines > 0)).Message.ShouldBe("lines > 0");
        Invariant.Holds(lines == 0);
    }

    [Fact]
    public void The_refusals_of_values_name_the_field()
    {
        ValueRefusals.QuantityInvalid("/lines/0/quantity").Code.ShouldBe("QUANTITY_INVALID");
        ValueRefusals.CurrencyMismatch("/amount", Currencies.Of("EUR")).Message.ShouldBe("The amount must be in EUR.");
        ValueRefusals.AmountTooLarge("/amount").At.ShouldBe("/amount");
    }
}
