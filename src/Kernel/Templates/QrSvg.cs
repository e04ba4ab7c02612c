using System.Globalization;
using System.Text;
using QRCoder;

namespace Plug1.Kernel.Templates;

/// <summary>QR codes as SVG, one path of horizontal bars, sharp at any size.</summary>
public static class QrSvg
{
    /// <summary>Draws a QR code with its quiet zone of four modules.</summary>
    /// <remarks>Error correction level M (about 15 % may be hidden). Source: ISO/IEC 18004.</remarks>
    /// <param name="content">What a scanner shall read; UTF-8, at most 2,331 bytes.</param>
    /// <param name="title">What a screen reader says; null for nothing.</param>
    /// <returns>An <c>svg</c> element without size: it fills the box that it is put in.</returns>
    /// <exception cref="ArgumentException">The content is empty or too long.</exception>
    public static string Of(string content, string? title = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(content);
        using var generator = new QRCodeGenerator();
        QRCodeData code;
        try
        {
            code = generator.CreateQrCode(content, QRCodeGenerator.ECCLevel.M, forceUtf8: true);
        }
        catch (QRCoder.Exceptions.DataTooLongException tooLong)
        {
            throw new ArgumentException("The content is too long for a QR code.", nameof(content), tooLong);
        }

        using (code)
        {
            var size = code.ModuleMatrix.Count;
            var path = new StringBuilder();
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                {
                    var from = x;
                    while (x < size && code.ModuleMatrix[y][x]) x++;
                    if (x > from) path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1h-{x - from}z");
                }
            }

            var name = title is null ? "" : $"<title>{System.Security.SecurityElement.Escape(title)}</title>";
            return string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" "
                + $"shape-rendering=\"crispEdges\" role=\"img\">{name}<path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>"
                + $"<path fill=\"#000\" d=\"{path}\"/></svg>");
        }
    }
}
