using System.Security.Cryptography;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>What is left on a gift card or store credit.</summary>
public sealed record VoucherAnswer(string Code, string Amount, string Balance, DateOnly IssuedOn, DateOnly? ExpiresOn, bool Usable);

/// <summary>Gift cards and store credit: codes of 16 digits whose last is a check digit; the balance is in the ledger.</summary>
internal static class Vouchers
{
    /// <summary>A fresh code: 15 random digits and the check digit of ISO/IEC 7812-1 annex B.</summary>
    public static string NewCode()
    {
        Span<char> code = stackalloc char[16];
        for (var at = 0; at < 15; at++) code[at] = (char)('0' + RandomNumberGenerator.GetInt32(at == 0 ? 1 : 0, 10));
        code[15] = CheckDigit(code[..15]);
        return new string(code);
    }

    /// <summary>Whether a code has 16 digits and the right check digit: 6011000990139424 has.</summary>
    public static bool IsCode(string text) => text.Length == 16 && text.All(char.IsAsciiDigit) && CheckDigit(text.AsSpan(0, 15)) == text[15];

    /// <summary>What may be shown of a code: who knows all of it can spend the voucher.</summary>
    public static string Masked(string code) => $"…{code[Math.Max(0, code.Length - 4)..]}";

    /// <summary>A voucher with its balance, or null.</summary>
    public static async Task<VoucherAnswer?> Find(Db db, string code, DateOnly today, Currency currency, CancellationToken ct) => await db.First($"""
        select v.amount, -coalesce(b.amount, 0), v.issued_on, v.expires_on from voucher v
        left join account a on a.subject = {Sales.IdText("v.id", db.Engine)} and a.role = 'StoredValue'
        left join balance b on b.account_id = a.id where v.code = {code}
        """, row => new VoucherAnswer(code, new Money(row.Long(0), currency).ToString(), new Money(row.Long(1), currency).ToString(), row.Date(2), row.DateOrNull(3),
            row.Long(1) > 0 && (row.IsNull(3) || row.Date(3) >= today)), ct);

    /// <summary>Asks what the vouchers that a document issued were worth and what is left on them, in minor units.</summary>
    public static Deferred<List<(long Worth, long Left)>> IssuedBy(Tx tx, Guid document) => tx.Later($"""
        select v.amount, -coalesce(b.amount, 0) from voucher v
        left join account a on a.subject = {Sales.IdText("v.id", tx.Engine)} and a.role = 'StoredValue' left join balance b on b.account_id = a.id where v.document_id = {document}
        """, row => (row.Long(0), row.Long(1)));

    private static char CheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var at = 0; at < digits.Length; at++)
        {
            var digit = digits[digits.Length - 1 - at] - '0';
            if (at % 2 == 0) digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
