using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.Directory;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Parties;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Directory;

public sealed class NormaliseTests
{
    [Theory]
    [InlineData("  Müller,  José ", "jose muller")]
    [InlineData("José Müller", "jose muller")]
    [InlineData("O'Brien-Smith Anne", "anne obrien smith")]
    [InlineData("Ｍaria", "maria")]
    [InlineData("   ", "")]
    public void A_name_is_compared_in_small_letters_without_marks_with_its_words_sorted(string name, string normal) =>
        Normalise.Name(name, PartyKind.Person).ShouldBe(normal);

    [Theory]
    [InlineData("Acme Trading Ltd.", "acme trading")]
    [InlineData("ACME trading, L.L.C.", "acme trading")]
    [InlineData("Weber G.m.b.H. & Co. KG", "weber")]
    [InlineData("Limited", "limited")]
    public void Legal_forms_are_dropped_for_organisations(string name, string normal)
    {
        Normalise.Name(name, PartyKind.Organisation).ShouldBe(normal);
        Normalise.Name("Inc Weber", PartyKind.Person).ShouldBe("inc weber");
    }

    [Fact]
    public void A_mail_address_is_trimmed_and_small_and_nothing_else()
    {
        Normalise.Email("  Maria.Gonzalez+Shop@Example.ORG ").ShouldBe("maria.gonzalez+shop@example.org");
        Normalise.Email(" ").ShouldBeNull();
    }

    [Theory]
    [InlineData("(212) 555-0142", "1", "", "+12125550142")]
    [InlineData("+1 212 555 0142", "49", "0", "+12125550142")]
    [InlineData("0044 20 7946 0000", "49", "0", "+442079460000")]
    [InlineData("030 / 123456", "49", "0", "+4930123456")]
    [InlineData("+49 (0)30 123456", "1", "", "+4930123456")]
    [InlineData("12", "49", "0", null)]
    [InlineData("call me", "49", "0", null)]
    [InlineData("+1234567890123456", "49", "0", null)]
    public void A_telephone_number_is_compared_in_its_international_form(string phone, string callingCode, string trunk, string? normal) =>
        Normalise.Phone(phone, callingCode, trunk).ShouldBe(normal);

    [Fact]
    public void What_is_normal_stays_as_it_is() =>
        Prop.ForAll(Gen.Elements("aBé ,.'-&ß1".ToCharArray()).ArrayOf().Select(letters => new string(letters)).ToArbitrary(), text =>
            Normalise.Name(text, PartyKind.Person) is var once && Normalise.Name(once, PartyKind.Person) == once).QuickCheckThrowOnFailure();

    [Fact]
    public void A_full_record_is_100_and_every_part_has_its_weight()
    {
        RecordQuality.Completeness(new FilledParts(true, true, true, true, true, true)).ShouldBe(100);
        RecordQuality.Completeness(new FilledParts(true, true, false, false, false, true)).ShouldBe(50);
        RecordQuality.Completeness(new FilledParts(false, false, true, true, true, false)).ShouldBe(50);
    }

    [Fact]
    public void A_merge_keeps_the_verified_then_the_newer_then_the_longer_then_the_survivors()
    {
        var (old, now) = (ClockTests.At("2025-01-01 00:00"), ClockTests.At("2026-01-01 00:00"));
        RecordQuality.Pick([new("new and long", false, now), new("old", true, old)]).ShouldBe(1);
        RecordQuality.Pick([new("long but old", false, old), new("new", false, now)]).ShouldBe(1);
        RecordQuality.Pick([new("Maria", false, now), new("Maria Gonzalez", false, now)]).ShouldBe(1);
        RecordQuality.Pick([new("Marie", false, now), new("Maria", false, now)]).ShouldBe(0);
        RecordQuality.Pick([new(" ", true, now), new("x", false, old), new(null, true, now)]).ShouldBe(1);
    }

    [Fact]
    public void A_request_of_31_january_is_due_on_28_february() =>
        WorkingCalendar.AddMonths(Day("2026-01-31"), 1).ShouldBe(Day("2026-02-28"));
}
