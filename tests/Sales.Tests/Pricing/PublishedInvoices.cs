using System.Text;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;
using Plug1.Sales.Pricing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Plug1.Sales.Tests.Pricing;

/// <summary>The published example invoices of EN 16931 and XRechnung, calculated again from their lines.</summary>
public sealed class PublishedInvoices(ITestOutputHelper output)
{
    private static readonly string[] Ours = [.. Enum.GetNames<TaxCategory>()];

    [Fact]
    public void Calculated_again_they_have_the_totals_and_taxes_they_state()
    {
        if (DataSet.Folder("en16931-invoices/known-answers") is not { } folder)
        {
            output.WriteLine("The data set en16931-invoices is not on this machine; nothing was compared.");
            return;
        }

        var lines = Read(folder, "lines.csv").ToLookup(row => row["file"]);
        var adjustments = Read(folder, "document_allowances_charges.csv").ToLookup(row => row["file"]);
        var taxes = Read(folder, "vat.csv").ToLookup(row => row["file"]);
        var compared = 0;
        foreach (var invoice in Read(folder, "invoices.csv"))
        {
            var file = invoice["file"];
            if (WhyNot([.. lines[file]], [.. taxes[file]]) is { } reason)
            {
                output.WriteLine($"left out {file}: {reason}");
                continue;
            }

            Compare(invoice, [.. lines[file]], [.. adjustments[file]], [.. taxes[file]]);
            compared++;
        }

        output.WriteLine($"compared {compared} invoices");
        compared.ShouldBe(37);
    }

    private static string? WhyNot(Row[] lines, Row[] taxes) =>
        lines.Any(line => line["calc_equals"] != "True") ? "a stated line net is not quantity times price"
        : taxes.Any(tax => tax["calc_equals"] != "True") ? "a stated tax is not its rate of its base"
        : lines.Any(line => !Ours.Contains(line["vat_category"])) ? "a category that is not ours"
        : lines.Any(line => !Quantity.TryParse(line["quantity"], out _) || !UnitPrice.TryParse(line["price"], out _))
            ? "more than six decimals"
        : null;

    private static void Compare(Row invoice, Row[] lines, Row[] adjustments, Row[] taxes)
    {
        var file = invoice["file"];
        var currency = Currencies.Of(invoice["currency"]);
        Money Amount(string text) => text.Length == 0 ? Money.Zero(currency) : Money.Parse(text, currency);

        var basket = new Basket(currency, TaxBasis.Net, TaxRounding.Document,
        [
            .. lines.Select(line => Line(line, Amount(line["line_allowances"]))),
            .. lines.Where(line => !Amount(line["line_charges"]).IsZero).Select(line => Charge(line, Amount(line["line_charges"]))),
            .. adjustments.Where(row => row["is_charge"] is "true" or "1").Select(row => Charge(row, Amount(row["amount"]))),
            .. adjustments.Where(row => IsAllowance(row) && !HasLines(row, lines)).Select(row => Charge(row, -Amount(row["amount"]))),
        ])
        {
            Prepaid = Amount(invoice["PrepaidAmount"]),
            Discounts =
            [
                .. adjustments.Where(row => IsAllowance(row) && HasLines(row, lines)).Select(row =>
                    new DocumentDiscount { Amount = Amount(row["amount"]), Scope = DiscountScope.OfTaxCode(Scheme(row).Code) }),
            ],
        };

        var result = Calculator.Calculate(basket).Value with { Rounding = Amount(invoice["PayableRoundingAmount"]) };
        for (var i = 0; i < lines.Length; i++)
        {
            var stated = Amount(lines[i]["line_net"]) - Amount(lines[i]["line_charges"]);
            (result.Lines[i].Amount - result.Lines[i].Manual).ShouldBe(stated, $"{file} line {lines[i]["line_id"]}");
        }

        foreach (var tax in taxes)
        {
            var row = result.TaxTable.SingleOrDefault(own => own.Scheme.Code == Scheme(tax).Code);
            (row?.Net ?? Money.Zero(currency)).ShouldBe(Amount(tax["taxable"]), $"{file} {tax["vat_category"]} {tax["vat_rate"]}");
            (row?.Tax ?? Money.Zero(currency)).ShouldBe(Amount(tax["tax"]), $"{file} {tax["vat_category"]} {tax["vat_rate"]}");
        }

        result.Net.ShouldBe(Amount(invoice["TaxExclusiveAmount"]), file);
        result.Tax.ShouldBe(Amount(invoice["TaxAmount"]), file);
        result.Total.ShouldBe(Amount(invoice["TaxInclusiveAmount"]), file);
        result.Payable.ShouldBe(Amount(invoice["PayableAmount"]), file);
    }

    private static bool IsAllowance(Row row) => row["is_charge"] is "false" or "0";

    /// <summary>Whether there are lines worth enough to take the allowance from; if not, it stands alone as a negative charge.</summary>
    private static bool HasLines(Row allowance, Row[] lines) =>
        lines.Any(line => Scheme(line).Code == Scheme(allowance).Code && !line["line_net"].StartsWith('-') && line["line_net"].Trim('0', '.').Length > 0);

    private static BasketLine Line(Row line, Money allowance) => new()
    {
        Quantity = Quantity.Parse(line["quantity"]),
        UnitPrice = UnitPrice.Parse(line["price"]),
        PriceBaseQuantity = line["price_base_quantity"].Length == 0 ? Quantity.One : Quantity.Parse(line["price_base_quantity"]),
        ManualAmount = allowance.IsZero ? null : allowance,
        Tax = Scheme(line),
    };

    private static BasketLine Charge(Row row, Money amount) => new()
    {
        Kind = LineKind.Charge,
        Quantity = Quantity.Of(amount.IsNegative ? -1 : 1),
        UnitPrice = UnitPrice.Parse(amount.Absolute.ToText()),
        Tax = Scheme(row),
    };

    private static TaxScheme Scheme(Row row)
    {
        var percent = row["vat_rate"].Length == 0 ? Rate.Zero : Rate.Parse(row["vat_rate"]);
        var rate = new Rate(percent.Millionths / 100);
        var category = Enum.Parse<TaxCategory>(row["vat_category"]);
        return new TaxScheme($"{category} {rate}", category, [new TaxSchemeComponent("VAT", "VAT", rate, Compound: false)]);
    }

    private static List<Row> Read(string folder, string name)
    {
        var records = Records(File.ReadAllText(Path.Combine(folder, name)).ReplaceLineEndings("\n"));
        return [.. records.Skip(1).Select(record => new Row(records[0].Zip(record).ToDictionary(field => field.First, field => field.Second)))];
    }

    /// <summary>The records of a CSV text; a field in quotes may have commas, line breaks and doubled quotes.</summary>
    private static List<List<string>> Records(string text)
    {
        List<List<string>> records = [[]];
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
            else if (c == '"') quoted = !quoted;
            else if (quoted || c is not (',' or '\n')) field.Append(c);
            else
            {
                records[^1].Add(field.ToString());
                field.Clear();
                if (c == '\n' && i + 1 < text.Length) records.Add([]);
            }
        }

        return records;
    }

    private sealed record Row(Dictionary<string, string> Fields)
    {
        public string this[string column] => Fields[column];
    }
}
