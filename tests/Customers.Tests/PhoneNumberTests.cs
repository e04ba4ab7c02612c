using Plug1.Customers.Directory;
using Shouldly;
using Xunit;

namespace Plug1.Customers.Tests;

/// <summary>Telephone numbers become E.164, or nothing.</summary>
public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("(212) 555-0142", "US", "+12125550142")]
    [InlineData("1 212 555 0142", "US", "+12125550142")]
    [InlineData("011 44 20 7946 0018", "US", "+442079460018")]
    [InlineData("+44 (0)20 7946 0018", "US", "+442079460018")]
    [InlineData("020 7946 0018", "GB", "+442079460018")]
    [InlineData("0700 123 456", "KE", "+254700123456")]
    [InlineData("00254 700 123456", "DE", "+254700123456")]
    [InlineData("030/123456", "DE", "+4930123456")]
    [InlineData("06 12345678", "IT", "+390612345678")]
    [InlineData("912 345 678", "ES", "+34912345678")]
    [InlineData("8 (495) 123-45-67", "RU", "+74951234567")]
    [InlineData("06 1 234 5678", "HU", "+3612345678")]
    public void A_number_is_read_by_its_own_country_or_by_that_of_the_branch(string written, string country, string normal) => PhoneNumbers.Normal(written, country).ShouldBe(normal);

    [Theory]
    [InlineData("555-0142", "US")]
    [InlineData("0700 123 456", null)]
    [InlineData("12", "DE")]
    [InlineData("+999 123 4567", "DE")]
    [InlineData("+1 012 555 0142", "US")]
    [InlineData("1234+5678", "DE")]
    [InlineData("call me", "DE")]
    [InlineData("+4912345678901234", "DE")]
    public void What_is_no_number_of_any_country_is_kept_as_it_is_and_matches_nothing(string written, string? country) => PhoneNumbers.Normal(written, country).ShouldBeNull();

    [Fact]
    public void The_national_number_is_found_without_the_calling_code()
    {
        PhoneNumbers.NationalOf("+12125550142").ShouldBe("2125550142");
        PhoneNumbers.NationalOf("+254700123456").ShouldBe("700123456");
    }
}
