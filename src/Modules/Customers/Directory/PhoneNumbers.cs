namespace Plug1.Customers.Directory;

/// <summary>Telephone numbers as E.164: a plus, the calling code and the national number, at most 15 digits.</summary>
/// <remarks>
/// Source: ITU-T E.164 and its list of assigned codes; the prefixes that are dialled inside a country before the number (ITU-T E.123, operational bulletins).
/// A number that says its country (plus, <c>00</c>, or <c>011</c> in North America) is read by that; another one belongs to the default country, whose trunk
/// prefix goes: <c>0700 123456</c> in Kenya is <c>+254700123456</c>, <c>(212) 555-0142</c> in the United States <c>+12125550142</c>. Italy keeps its zero.
/// North American numbers have ten digits; of others it is checked that they have 4 to 14 and not more than 15 with the code.
/// </remarks>
internal static class PhoneNumbers
{
    /// <summary>Calling codes and the countries that have them. Countries of one code and one prefix stand together.</summary>
    private const string Codes = """
        1 US CA AG AI AS BB BM BS DM DO GD GU JM KN KY LC MP MS PR SX TC TT VC VG VI;20 EG;211 SS;212 MA EH;213 DZ;216 TN;218 LY;220 GM;221 SN;222 MR;223 ML;224 GN;225 CI;226 BF;227 NE;228 TG;229 BJ;
        230 MU;231 LR;232 SL;233 GH;234 NG;235 TD;236 CF;237 CM;238 CV;239 ST;240 GQ;241 GA;242 CG;243 CD;244 AO;245 GW;246 IO;248 SC;249 SD;250 RW;251 ET;252 SO;253 DJ;254 KE;255 TZ;256 UG;257 BI;258 MZ;
        260 ZM;261 MG;262 RE YT;263 ZW;264 NA;265 MW;266 LS;267 BW;268 SZ;269 KM;27 ZA;290 SH;291 ER;297 AW;298 FO;299 GL;30 GR;31 NL;32 BE;33 FR;34 ES;350 GI;351 PT;352 LU;353 IE;354 IS;355 AL;356 MT;357 CY;
        358 FI AX;359 BG;36 HU;370 LT;371 LV;372 EE;373 MD;374 AM;375 BY;376 AD;377 MC;378 SM;380 UA;381 RS;382 ME;383 XK;385 HR;386 SI;387 BA;389 MK;39 IT VA;40 RO;41 CH;420 CZ;421 SK;423 LI;43 AT;
        44 GB GG IM JE;45 DK;46 SE;47 NO SJ;48 PL;49 DE;500 FK;501 BZ;502 GT;503 SV;504 HN;505 NI;506 CR;507 PA;508 PM;509 HT;51 PE;52 MX;53 CU;54 AR;55 BR;56 CL;57 CO;58 VE;590 GP BL MF;591 BO;592 GY;593 EC;
        594 GF;595 PY;596 MQ;597 SR;598 UY;599 CW BQ;60 MY;61 AU CC CX;62 ID;63 PH;64 NZ;65 SG;66 TH;670 TL;672 NF;673 BN;674 NR;675 PG;676 TO;677 SB;678 VU;679 FJ;680 PW;681 WF;682 CK;683 NU;685 WS;686 KI;687 NC;
        688 TV;689 PF;690 TK;691 FM;692 MH;7 RU KZ;81 JP;82 KR;84 VN;850 KP;852 HK;853 MO;855 KH;856 LA;86 CN;880 BD;886 TW;90 TR;91 IN;92 PK;93 AF;94 LK;95 MM;960 MV;961 LB;962 JO;963 SY;964 IQ;965 KW;966 SA;
        967 YE;968 OM;970 PS;971 AE;972 IL;973 BH;974 QA;975 BT;976 MN;977 NP;98 IR;992 TJ;993 TM;994 AZ;995 GE;996 KG;998 UZ
        """;

    // No prefix: the whole number is always dialled. Italy's zero belongs to the number.
    private const string WithoutPrefix = "ES PT IT VA SM GR CZ DK NO SJ IS PL LV EE MT CY LU AD MC GI HK MO SG QA KW BH OM CR PA GT SV HN NI SN ML CI BF NE TG BJ CM GA CG GN MR TD CF CV ST GQ GW DJ KM SC MU "
        + "TN BT MV BN TL GL FO AW CW BQ HT BZ SR GY UY FJ WS TO VU SB KI TV NR NC PF WF CK NU TK FM MH PW GM SL LS BW SZ MZ AO BI MG ER CO CL MX EC";

    private static readonly Dictionary<string, string> CodeOf = Codes.Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(entry => entry.Split(' ')).SelectMany(entry => entry.Skip(1).Select(country => (Country: country, Code: entry[0]))).ToDictionary(pair => pair.Country, pair => pair.Code, StringComparer.Ordinal);

    private static readonly HashSet<string> AllCodes = [.. CodeOf.Values];

    private static readonly HashSet<string> NoPrefix = [.. WithoutPrefix.Split(' ')];

    /// <summary>A number as E.164, or null when it cannot be read as one.</summary>
    /// <param name="text">As it was written.</param>
    /// <param name="country">Country of a number that does not say its own, two letters of ISO 3166, or null.</param>
    public static string? Normal(string text, string? country)
    {
        if (text.Length > 40 || text.Any(letter => !char.IsAsciiDigit(letter) && letter is not (' ' or '-' or '(' or ')' or '.' or '/' or '+' or '\u00A0'))) return null;
        var trimmed = text.Trim();
        if (trimmed.LastIndexOf('+') > 0) return null;
        // A zero in brackets after the calling code is for callers inside the country: +44 (0)20 7946 0018.
        if (trimmed.StartsWith('+')) trimmed = trimmed.Replace("(0)", "", StringComparison.Ordinal);
        var digits = string.Concat(trimmed.Where(char.IsAsciiDigit));
        var home = country is null ? null : CodeOf.GetValueOrDefault(country);
        if (trimmed.StartsWith('+')) return International(digits);
        if (home == "1" && digits.StartsWith("011", StringComparison.Ordinal)) return International(digits[3..]);
        if (digits.StartsWith("00", StringComparison.Ordinal)) return International(digits[2..]);
        return home is null ? null : International(home + National(digits, country!, home));
    }

    /// <summary>The national number of an E.164 number: what is left without its calling code.</summary>
    public static string NationalOf(string normal) => CodeIn(normal[1..]) is { } code ? normal[(1 + code.Length)..] : normal[1..];

    private static string National(string digits, string country, string code) => country switch
    {
        "HU" => digits.StartsWith("06", StringComparison.Ordinal) ? digits[2..] : digits,
        "RU" or "KZ" => digits.Length == 11 && digits[0] == '8' ? digits[1..] : digits,
        "BY" => digits.Length == 11 && digits.StartsWith("80", StringComparison.Ordinal) ? digits[2..] : digits,
        "LT" or "TM" => digits.Length == 9 && digits[0] is '8' or '0' ? digits[1..] : digits,
        _ when code == "1" => digits.Length == 11 && digits[0] == '1' ? digits[1..] : digits,
        _ when NoPrefix.Contains(country) => digits,
        _ => digits.StartsWith('0') ? digits[1..] : digits,
    };

    private static string? International(string digits)
    {
        if (digits.Length is < 7 or > 15 || CodeIn(digits) is not { } code) return null;
        var national = digits.Length - code.Length;
        return code == "1" ? national == 10 && digits[1] is >= '2' and <= '9' ? "+" + digits : null : national is >= 4 and <= 14 ? "+" + digits : null;
    }

    /// <summary>No code begins another, so the first that fits is it.</summary>
    private static string? CodeIn(string digits)
    {
        for (var length = 1; length <= 3 && length <= digits.Length; length++)
            if (AllCodes.Contains(digits[..length])) return digits[..length];
        return null;
    }
}
