using System.Globalization;
using System.Text;

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
        var code = QrBars.Of(content);
        var (size, path) = (code.Size, new StringBuilder());
        foreach (var (x, y, width) in code.Bars) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h{width}v1h-{width}z");
        var name = title is null ? "" : $"<title>{System.Security.SecurityElement.Escape(title)}</title>";
        return string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" "
            + $"shape-rendering=\"crispEdges\" role=\"img\">{name}<path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>"
            + $"<path fill=\"#000\" d=\"{path}\"/></svg>");
    }
}
