using System.Text;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Tests.Reporting;
using Plug1.Sales.PointOfSale;
using Plug1.Sales.Tests.PointOfSale.Misuse;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale;

/// <summary>A receipt tells the same in every format, and a printer is told nothing else.</summary>
public class ReceiptFormatTests
{
    private const string Address = "https://shop.example/sales/point-of-sale/1";
    private static readonly string[] Expected = ["Corner shop", "HQ-T1-000001", "Till T1 · kim", "3 × 4.99", "14.97", "20.96", "-0.01", "50.00", "29.05", "VAT 20 %", "14.55", "2.91", "VAT 5 %", "3.33", "0.17", "Thank you"];

    private static Receipt Made(string name = "Tea", string unitPrice = "4.99", string amount = "14.97", string total = "14.97") => new(
        Guid.Empty, "HQ-T1-000009", "posted", "Corner shop", "Main street", "T1", "kim", null, "2026-03-02 10:00", "EUR", [new("TEA", name, "3", unitPrice, amount, "0.00")],
        [new("S20", "VAT", "0.2", "12.48", "2.49")], [new("Cash", total, total, "0.00", null)], "12.48", "2.49", total, "0.00", "0.00", Copy: false);

    [Theory, OnBothEngines]
    public async Task Every_format_has_number_lines_total_and_tax(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var sale = (await shop.Sell(cashier, Shop.Basket(new TenderRequest("CASH", Tendered: "50.00")))).Value;
        var receipt = (await shop.Of<Receipts>().Find(sale.Id, Shop.BranchId, cashier.UserId, default))!;

        var html = System.Net.WebUtility.HtmlDecode(ReceiptHtml.Of(receipt, Address));
        var pdf = PdfText.Pages(new MemoryStream(ReceiptPdf.Of(receipt, Address, shop.Clock.Now))).Single();
        var printed = Text(ReceiptEscPos.Of(receipt, Address));
        foreach (var expected in Expected)
        {
            html.ShouldContain(expected);
            string.Join('\n', pdf).ShouldContain(expected);
            printed.ShouldContain(expected);
        }

        printed.ShouldNotContain("COPY");
        Text(ReceiptEscPos.Of(receipt with { Copy = true, Status = "reversed" }, Address)).ShouldContain("COPY\n");
        PdfText.Pages(new MemoryStream(ReceiptPdf.Of(receipt with { Copy = true }, Address, shop.Clock.Now))).Single().ShouldContain("COPY");
    }

    [Theory, OnBothEngines]
    public async Task A_gift_card_is_on_it_with_the_code_that_its_reader_may_see(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var (sale, code) = await shop.GiftCard(cashier, "50.00");
        async Task<Receipt> Seen(Guid reader) => (await shop.Of<Receipts>().Find(sale, Shop.BranchId, reader, default))!;
        Text(ReceiptEscPos.Of(await Seen(cashier.UserId), Address)).ShouldContain(ReceiptSlip.Grouped(code));
        var other = Text(ReceiptEscPos.Of(await Seen(Guid.CreateVersion7()), Address));
        other.ShouldContain($"…{code[^4..]}");
        other.ShouldNotContain(ReceiptSlip.Grouped(code));
        other.ShouldContain("Gift card EUR 50.00");
    }

    [Fact]
    public void Lines_end_at_one_column_and_are_never_longer()
    {
        var lines = Lines(ReceiptEscPos.Of(Made("A very long name of an item that does not fit on a line of forty-two signs, Supercalifragilisticexpialidocious-and-more"), Address));
        lines.ShouldAllBe(line => line.Length <= ReceiptEscPos.Columns);
        lines.ShouldContain("3 × 4.99" + "14.97".PadLeft(ReceiptEscPos.Columns - 8));
        lines.ShouldContain("VAT 20 %" + "12.48".PadLeft(ReceiptEscPos.Columns - 18) + "2.49".PadLeft(10));
        lines.ShouldContain("Cash" + "14.97".PadLeft(ReceiptEscPos.Columns - 4));
        lines.ShouldContain("Total EUR" + "14.97".PadLeft((ReceiptEscPos.Columns / 2) - 9));
        // Twice as wide it would not fit: then it is twice as high only.
        Lines(ReceiptEscPos.Of(Made(total: "123456789012.34"), Address)).ShouldContain("Total EUR" + "123456789012.34".PadLeft(ReceiptEscPos.Columns - 9));
    }

    [Fact]
    public void The_bytes_begin_and_end_as_the_printer_wants_and_hold_the_code()
    {
        var bytes = ReceiptEscPos.Of(Made(), Address);
        bytes[..5].ShouldBe([0x1B, 0x40, 0x1B, 0x74, 16]);
        bytes[^7..].ShouldBe([0x1B, 0x64, 4, 0x1D, 0x56, 66, 0]);
        var content = Encoding.UTF8.GetBytes(Address);
        byte[] stored = [0x1D, 0x28, 0x6B, (byte)(content.Length + 3), 0, 0x31, 0x50, 0x30, .. content, 0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x51, 0x30];
        Place(bytes, stored).ShouldBeGreaterThan(0);
        Place(bytes, [0x1B, 0x45, 1, 0x1D, 0x21, 0x11, .. "Total EUR"u8]).ShouldBeGreaterThan(0);
        Place(bytes, [0x1B, 0x70]).ShouldBe(-1, "the drawer stays shut");
    }

    [Fact]
    public void What_the_page_has_not_is_printed_plainly_and_no_name_commands_the_printer()
    {
        ReceiptEscPos.Printable("Käse 3 € “fein”").ShouldBe("Käse 3 € “fein”");
        ReceiptEscPos.Printable("Őrség ćevapi − ½").ShouldBe("Orség cevapi - ½");
        ReceiptEscPos.Printable("茶 e\u0301\u200D").ShouldBe("? e");
        ReceiptEscPos.Printable("a\u001Bp\u0000\u0001b\u0085\nc").ShouldBe("a p  b  c");
        var bytes = ReceiptEscPos.Of(Made("Tea \u001Bp\u0000\u0019\u00FA"), Address);
        Place(bytes, [0x1B, 0x70]).ShouldBe(-1);
        Lines(bytes).ShouldContain("Tea p ú");
    }

    [Fact]
    public void A_pdf_is_eighty_millimetres_wide_has_the_code_and_breaks_a_very_long_receipt()
    {
        var many = Made() with { Lines = [.. Enumerable.Range(1, 500).Select(at => new ReceiptLine("TEA", $"A name that is long enough to be broken into several lines {at}", "1", "4.99", "4.99", "0.10"))] };
        var file = ReceiptPdf.Of(many, Address, default);
        Encoding.Latin1.GetString(file).ShouldContain("/MediaBox[0 0 226.77");
        var pages = PdfText.Pages(new MemoryStream(file));
        pages.Count.ShouldBeGreaterThan(1);
        pages.SelectMany(page => page).Count(text => text == "-0.10").ShouldBe(500);
        pages[^1].ShouldContain("Thank you");
    }

    private static int Place(byte[] bytes, byte[] part) => bytes.AsSpan().IndexOf(part);

    /// <summary>What is printed, without the commands that do not print.</summary>
    private static string Text(byte[] bytes) => string.Join('\n', Lines(bytes)) + "\n";

    private static List<string> Lines(byte[] bytes)
    {
        var page = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        var (lines, line) = (new List<string>(), new List<byte>());
        for (var at = 0; at < bytes.Length; at++)
        {
            switch (bytes[at])
            {
                case 0x1B: at += bytes[at + 1] == 0x40 ? 1 : 2; break;
                case 0x1D when bytes[at + 1] == 0x28: at += 4 + bytes[at + 3] + (bytes[at + 4] << 8); break;
                case 0x1D: at += bytes[at + 1] == 0x56 ? 3 : 2; break;
                case (byte)'\n':
                    lines.Add(page.GetString([.. line]));
                    line.Clear();
                    break;
                default: line.Add(bytes[at]); break;
            }
        }

        return lines;
    }
}
