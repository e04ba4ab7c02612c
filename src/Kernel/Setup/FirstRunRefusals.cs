namespace Plug1.Kernel.Setup;

/// <summary>Every reason for which the first set-up says no, in the order in which they are checked; the rest are those of master data and users.</summary>
public static class FirstRunRefusals
{
    /// <summary>Somebody else was first, or it was done long ago.</summary>
    public static readonly Refusal Done = new("SETUP_DONE", "This company has been set up already. Sign in.", Status: 409);

    /// <summary>It comes from another machine without the code that the server printed.</summary>
    public static readonly Refusal CodeRequired = new("SETUP_CODE_REQUIRED", "Give the set-up code that the server printed when it started.", Status: 403);

    /// <summary>Another site's page sent it.</summary>
    public static readonly Refusal ForeignPage = new("SETUP_FOREIGN_PAGE", "Open the address of the server itself to set it up.", Status: 403);

    /// <summary>There is no such country.</summary>
    public static readonly Refusal CountryUnknown = new("COUNTRY_UNKNOWN", "ISO 3166 has no such country.", "/company/country");

    /// <summary>Too many of something.</summary>
    public static Refusal TooMany(string at, int most) => new("TOO_MANY", $"At most {most} at once.", at);

    /// <summary>The rate is not one.</summary>
    public static Refusal RateInvalid(int at) => new("SETUP_RATE_INVALID", "A rate lies above 0 and up to 100 %.", $"/taxes/rates/{at}/rate");

    /// <summary>Two users have one name.</summary>
    public static Refusal UserTwice(int at) => new("SETUP_USER_TWICE", "Two users cannot have the same name.", $"/users/{at}/userName");
}
