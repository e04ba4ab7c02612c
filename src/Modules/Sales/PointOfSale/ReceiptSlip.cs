using System.Globalization;
using Plug1.Kernel.Reporting.Exports;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>A receipt as the parts of a slip, from the top down: what stands on it in every printed format.</summary>
internal static class ReceiptSlip
{
    /// <summary>The parts.</summary>
    /// <param name="receipt">The figures.</param>
    /// <param name="address">Where its QR code leads.</param>
    public static IEnumerable<SlipPart> Of(Receipt receipt, string address)
    {
        yield return new SlipText(receipt.Company, Bold: true);
        yield return new SlipText(receipt.Branch);
        yield return new SlipText($"{receipt.Number} · {receipt.SoldAt}");
        yield return new SlipText($"Till {receipt.Terminal} · {receipt.Cashier}");
        if (receipt.Copy) yield return new SlipText("COPY", Bold: true);
        if (receipt.Status == "reversed") yield return new SlipText("REVERSED", Bold: true);
        if (receipt.Customer is { } customer) yield return new SlipText(customer);
        yield return new SlipRule();
        foreach (var line in receipt.Lines)
        {
            yield return new SlipRow(line.Name, []);
            yield return new SlipRow($"{line.Quantity} × {line.UnitPrice}", [line.Amount]);
            if (IsSome(line.Discount)) yield return new SlipRow("Discount", [$"-{line.Discount}"]);
        }

        yield return new SlipRule();
        yield return new SlipRow($"Total {receipt.Currency}", [receipt.Total], Large: true);
        if (IsSome(receipt.Rounding)) yield return new SlipRow("Rounding", [receipt.Rounding]);
        foreach (var tender in receipt.Tenders) yield return new SlipRow(tender.Method, [tender.Tendered]);
        yield return new SlipRow("Change", [receipt.Change]);
        yield return new SlipRule();
        foreach (var tax in receipt.Taxes) yield return new SlipRow($"{tax.Component} {Percent(tax.Rate)}", [tax.Base, tax.Amount]);
        foreach (var card in receipt.GiftCards ?? [])
        {
            yield return new SlipRule();
            yield return new SlipText($"Gift card {receipt.Currency} {card.Amount}");
            yield return new SlipText(Grouped(card.Code), Bold: true);
            if (card.ExpiresOn is { } until) yield return new SlipText(string.Create(CultureInfo.InvariantCulture, $"valid until {until:yyyy-MM-dd}"));
        }

        if (receipt.Points is { } points)
        {
            yield return new SlipRule();
            if (IsSome(points.Redeemed)) yield return new SlipRow("Points used", [points.Redeemed]);
            yield return new SlipRow("Points earned", [points.Earned]);
            yield return new SlipRow("Points balance", [points.Balance]);
        }

        yield return new SlipQr(address);
        yield return new SlipText("Thank you");
    }

    /// <summary>A code in groups of four, as cards have it; a masked one as it is.</summary>
    public static string Grouped(string code) => code.StartsWith('…') ? code : string.Join(' ', code.Chunk(4).Select(part => new string(part)));

    /// <summary>A rate in per cent: 0.2 is 20 %.</summary>
    public static string Percent(string rate) => Rate.TryParse(rate, out var value) ? $"{new Quantity(checked(value.Millionths * 100))} %" : rate;

    /// <summary>Whether a figure is other than zero.</summary>
    public static bool IsSome(string figure) => figure.Any(digit => digit is >= '1' and <= '9');
}
