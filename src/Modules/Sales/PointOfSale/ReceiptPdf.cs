using Plug1.Kernel.Reporting.Exports;

namespace Plug1.Sales.PointOfSale;

/// <summary>A receipt as PDF, 80 mm wide and as long as it needs to be.</summary>
internal static class ReceiptPdf
{
    /// <summary>The media type.</summary>
    public const string MediaType = PdfExport.MediaType;

    /// <summary>Makes the file.</summary>
    /// <param name="receipt">The figures.</param>
    /// <param name="address">Where its QR code leads.</param>
    /// <param name="madeAt">Now.</param>
    /// <exception cref="FontMissingException">The machine has no font.</exception>
    public static byte[] Of(Receipt receipt, string address, DateTimeOffset madeAt) =>
        PdfSlip.Of($"Receipt {receipt.Number}", receipt.Company, madeAt, ReceiptSlip.Of(receipt, address));
}
