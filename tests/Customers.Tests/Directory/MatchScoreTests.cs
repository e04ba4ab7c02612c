using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.Directory;
using Plug1.Kernel.Parties;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Directory;

public sealed class MatchScoreTests
{
    private static readonly MatchSubject Gonzales = new() { Name = Normalise.Name("Maria Gonzales", PartyKind.Person), Phone = "+12125550142", Postcode = "10011", Email = "m@example.org" };
    private static readonly MatchSubject Gonzalez = new() { Name = Normalise.Name("Maria Gonzalez", PartyKind.Person), Phone = "+12125550142", Postcode = "10011" };
    private static readonly Arbitrary<string> Names = Gen.Elements("abcdemnor ".ToCharArray()).ArrayOf().Select(letters => new string(letters)).ToArbitrary();

    [Fact]
    public void The_two_marias_are_0_9714_alike_and_with_one_phone_7_59_bits_so_0_9948_and_duplicates()
    {
        JaroWinkler.Similarity(Gonzales.Name!, Gonzalez.Name!).ShouldBe(0.9714, 0.00005);
        var result = MatchScore.Of(Gonzales, Gonzalez, MatchWeights.Seeded);
        result.Bits.ShouldBe(7.59, 0.005);
        result.Probability.ShouldBe(0.9948, 0.00005);
        result.Verdict.ShouldBe(MatchVerdict.Duplicate);
        result.Parts.Select(part => (part.Field, part.Level, Math.Round(part.Bits, 2)))
            .ShouldBe([(MatchField.Phone, "equal", 10.55), (MatchField.Name, ">=0.92", 4.00), (MatchField.Postcode, "equal", 6.32)]);
    }

    [Fact]
    public void With_two_phones_they_are_minus_4_96_bits_so_0_031_and_nothing()
    {
        var result = MatchScore.Of(Gonzales, Gonzalez with { Phone = "+12125550143" }, MatchWeights.Seeded);
        result.Bits.ShouldBe(-4.96, 0.005);
        result.Probability.ShouldBe(0.031, 0.0005);
        result.Verdict.ShouldBe(MatchVerdict.None);
    }

    [Fact]
    public void One_mail_address_and_quite_another_name_are_0_6695_and_suspect()
    {
        var result = MatchScore.Of(
            new MatchSubject { Name = "gonzales maria", Email = "shop@example.org" }, new MatchSubject { Name = "peter wolff", Email = "shop@example.org" }, MatchWeights.Seeded);
        result.Probability.ShouldBe(0.6695, 0.00005);
        result.Verdict.ShouldBe(MatchVerdict.Suspect);
    }

    [Fact]
    public void The_seeded_weights_have_these_bits()
    {
        double[][] expected = [[17.29, -2.32], [10.55, -2.00], [8.37, 4.00, 0.58, -2.98], [11.63, -4.32], [6.32, -2.31], [19.90, -5.64]];
        MatchWeights.Seeded.Comparisons.Select(field => field.Levels.Select(level => Math.Round(Math.Log2((double)level.M.Millionths / level.U.Millionths), 2)).ToArray()).ShouldBe(expected);
        Math.Round(MatchScore.Bits(MatchWeights.Seeded.Prior, []), 2).ShouldBe(-13.29);
    }

    [Fact]
    public void What_one_side_lacks_adds_nothing_and_every_field_is_compared()
    {
        var full = new MatchSubject { Name = "a b", Email = "a@b.org", Phone = "+4930123456", BirthDate = Day("1980-02-03"), Postcode = "10115", TaxId = "DE 1" };
        MatchScore.Of(full, full, MatchWeights.Seeded).Bits.ShouldBe(-13.29 + 17.29 + 10.55 + 8.37 + 11.63 + 6.32 + 19.90, 0.03);
        MatchScore.Of(full, new MatchSubject(), MatchWeights.Seeded).Parts.ShouldBeEmpty();
        MatchScore.Of(full, new MatchSubject { BirthDate = Day("1980-02-04"), TaxId = "DE 2" }, MatchWeights.Seeded).Bits.ShouldBe(-13.29 - 4.32 - 5.64, 0.02);
    }

    [Theory]
    [InlineData("MARTHA", "MARHTA", 0.9444, 0.9611)]
    [InlineData("DIXON", "DICKSONX", 0.7667, 0.8133)]
    [InlineData("DWAYNE", "DUANE", 0.8222, 0.8400)]
    [InlineData("abcd", "wxyz", 0, 0)]
    [InlineData("a", "", 0, 0)]
    [InlineData("", "", 1, 1)]
    public void Published_similarities_come_out(string left, string right, double jaro, double winkler)
    {
        JaroWinkler.Jaro(left, right).ShouldBe(jaro, 0.00005);
        JaroWinkler.Similarity(left, right).ShouldBe(winkler, 0.00005);
    }

    [Fact]
    public void A_similarity_is_the_same_both_ways_and_lies_between_0_and_1() =>
        Prop.ForAll(Names, Names, (left, right) =>
        {
            var similarity = JaroWinkler.Similarity(left, right);
            return similarity is >= 0 and <= 1 && similarity.Equals(JaroWinkler.Similarity(right, left)) && JaroWinkler.Similarity(left, left).Equals(1.0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Records_that_share_a_key_are_candidates()
    {
        var one = new MatchSubject { Email = "a@b.org", FamilyName = "gonzales", Postcode = "10011", BirthDate = Day("1980-02-03") };
        one.Keys().ShouldBe(["email:a@b.org", "name:gonz:10011", "born:1980-02-03:g"]);
        new MatchSubject { FamilyName = "gonzalez", Postcode = "10011" }.Keys().ShouldBe(["name:gonz:10011"]);
        new MatchSubject { Phone = "+4930123456", TaxId = "DE 1", Postcode = "1" }.Keys().ShouldBe(["phone:+4930123456", "tax:DE 1"]);
    }
}
