namespace Plug1.Customers.AfterSales;

/// <summary>Checks serial numbers against their scheme.</summary>
internal static class Serials
{
    private const int ImeiDigits = 15;

    /// <summary>Whether a text is an IMEI: 15 digits whose check digit is right.</summary>
    /// <remarks>Source: 3GPP TS 23.003, annex B. <c>490154203237518</c> is one, <c>490154203237519</c> is none.</remarks>
    public static bool IsImei(string serial) => serial.Length == ImeiDigits && IsLuhn(serial);

    /// <summary>Whether the last digit of a number is its check digit by Luhn's formula.</summary>
    /// <remarks>Source: ISO/IEC 7812-1, annex B. Every second digit from the right, the check digit not counted, is doubled; the digits of
    /// all of them sum to a multiple of ten.</remarks>
    public static bool IsLuhn(string number)
    {
        var sum = 0;
        for (var at = 0; at < number.Length; at++)
        {
            if (!char.IsAsciiDigit(number[number.Length - 1 - at])) return false;
            var digit = number[number.Length - 1 - at] - '0';
            if (at % 2 == 1) digit = digit > 4 ? (2 * digit) - 9 : 2 * digit;
            sum += digit;
        }

        return number.Length > 1 && sum % 10 == 0;
    }
}
