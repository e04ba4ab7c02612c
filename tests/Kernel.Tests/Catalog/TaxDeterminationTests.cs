using Plug1.Kernel.Catalog.Tax;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Catalog;

public sealed class TaxDeterminationTests
{
    private static readonly DateOnly Today = new(2025, 6, 1);

    private static readonly TaxRule[] Rules =
    [
        new("STANDARD"),
        new("REDUCED", ItemClass: "food"),
        new("REVERSE", ItemClass: null, SellerRegion: "DE", BuyerGroup: "business", BuyerRegion: "FR"),
        new("LOCAL", SellerRegion: "US"),
        new("CALIFORNIA", SellerRegion: "US-CA"),
        new("EXEMPT", BuyerGroup: "charity"),
        new("OLD", ItemClass: "book", To: Today),
        new("NEW", ItemClass: "book", From: Today),
    ];

    [Theory]
    [InlineData("tools", "DE", null, null, "STANDARD")]
    [InlineData("food", "DE", "private", "DE", "REDUCED")]
    [InlineData("food", "DE", "business", "FR", "REVERSE")]
    [InlineData("food", "DE", "business", "FR-75", "REVERSE")]
    [InlineData("food", "DE", "business", null, "REDUCED")]
    [InlineData("tools", "US-NY", null, null, "LOCAL")]
    [InlineData("tools", "US-CA", null, null, "CALIFORNIA")]
    [InlineData("tools", "USX", null, null, "STANDARD")]
    [InlineData("food", "US-CA", null, null, "REDUCED")]
    [InlineData("tools", "US-NY", "charity", null, "LOCAL")]
    [InlineData("tools", "DE", "charity", null, "EXEMPT")]
    [InlineData("book", "DE", null, null, "NEW")]
    public void The_rule_that_says_most_wins(string itemClass, string seller, string? group, string? buyer, string code)
    {
        var asked = new TaxCase(itemClass, seller, group, buyer);
        TaxDetermination.Determine(Rules, asked, Today).Value.TaxCode.ShouldBe(code);
        TaxDetermination.Determine(Rules.Reverse(), asked, Today).Value.TaxCode.ShouldBe(code);
    }

    [Fact]
    public void The_day_before_the_old_rule_holds() =>
        TaxDetermination.Determine(Rules, new TaxCase("book", "DE", null, null), Today.AddDays(-1)).Value.TaxCode.ShouldBe("OLD");

    [Fact]
    public void No_rule_is_a_refusal() =>
        TaxDetermination.Determine([new TaxRule("X", ItemClass: "food")], new TaxCase("tools", "DE", null, null), Today, "/lines/1/taxCodeId")
            .Refusal.ShouldBe(TaxRefusals.CodeMissing("/lines/1/taxCodeId"));
}
