using QRCoder;

namespace Plug1.Kernel.Templates;

/// <summary>The dark modules of a QR code as horizontal bars, for whoever draws it.</summary>
/// <remarks>Error correction level M (about 15 % may be hidden), quiet zone of four modules. Source: ISO/IEC 18004.</remarks>
/// <param name="Size">Modules along a side, quiet zone included.</param>
/// <param name="Bars">Column and row of each bar's first module, from the top left, and how many modules it is wide.</param>
public sealed record QrBars(int Size, IReadOnlyList<(int X, int Y, int Width)> Bars)
{
    /// <summary>Encodes a text.</summary>
    /// <param name="content">What a scanner shall read; UTF-8, at most 2,331 bytes.</param>
    /// <exception cref="ArgumentException">The content is empty or too long.</exception>
    public static QrBars Of(string content)
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
            var bars = new List<(int, int, int)>();
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                {
                    var from = x;
                    while (x < size && code.ModuleMatrix[y][x]) x++;
                    if (x > from) bars.Add((from, y, x - from));
                }
            }

            return new QrBars(size, bars);
        }
    }
}
