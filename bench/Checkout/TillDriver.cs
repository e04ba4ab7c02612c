using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Plug1.Bench.Checkout;

/// <summary>How long each of a number of sales took.</summary>
internal sealed class Measured(int clients, TimeSpan elapsed, double[] milliseconds)
{
    public int Clients => clients;

    public TimeSpan Elapsed => elapsed;

    public double[] Milliseconds => milliseconds;

    public double PerSecond => milliseconds.Length / elapsed.TotalSeconds;

    /// <summary>The time that a share of the sales did not exceed; nearest rank.</summary>
    public double Percentile(double share)
    {
        Array.Sort(milliseconds);
        return milliseconds[Math.Max(0, (int)Math.Ceiling(share * milliseconds.Length) - 1)];
    }

    public static Measured Together(IReadOnlyList<Measured> parts) => new(
        parts[0].Clients, TimeSpan.FromTicks(parts.Sum(part => part.Elapsed.Ticks)), [.. parts.SelectMany(part => part.Milliseconds)]);
}

/// <summary>Tills that ring up three-line cash sales over HTTP, each on a connection of its own, the next sale when the last is answered.</summary>
/// <remarks>Blocking sockets and no HTTP library: the driver shares the processors with the server that it measures.</remarks>
internal sealed class TillDriver : IDisposable
{
    private readonly Client[] clients;
    private readonly Func<int, DateOnly>? dayOf;

    /// <summary>Connects the tills.</summary>
    /// <param name="address">The server.</param>
    /// <param name="token">Of the user who sells.</param>
    /// <param name="tills">How many.</param>
    /// <param name="dayOf">On which business day the n-th sale of a run is rung up; today without it.</param>
    public TillDriver(Uri address, string token, int tills, Func<int, DateOnly>? dayOf = null)
    {
        this.dayOf = dayOf;
        clients = [.. Enumerable.Range(0, tills).Select(till => new Client(address, token, BenchShop.TillOf(till), till))];
    }

    /// <summary>Rings up sales and times each.</summary>
    public Measured Run(int count, int sales)
    {
        var left = sales;
        var times = new List<double>[count];
        Exception? failure = null;
        // A server hangs up on who was silent for two minutes, and so long the others may have been selling.
        foreach (var client in clients.Take(count)) client.Connect();
        var clock = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, count).Select(at => new Thread(() =>
        {
            times[at] = new List<double>(sales / count * 2);
            try
            {
                while (failure is null && Interlocked.Decrement(ref left) is >= 0 and var rest)
                {
                    var day = dayOf?.Invoke(sales - 1 - rest);
                    var started = Stopwatch.GetTimestamp();
                    clients[at].Sell(day);
                    times[at].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        var elapsed = Stopwatch.GetElapsedTime(clock);
        if (failure is not null) throw new InvalidOperationException("A sale failed.", failure);
        return new Measured(count, elapsed, [.. times.SelectMany(time => time)]);
    }

    /// <summary>Rings up one sale at the first till and answers its document.</summary>
    public Guid SellOne()
    {
        clients[0].Connect();
        return clients[0].Sell(null);
    }

    public void Dispose()
    {
        foreach (var client in clients) client.Dispose();
    }

    private sealed class Client : IDisposable
    {
        private readonly Uri address;
        private Socket socket = Unconnected();
        private readonly byte[] buffer = new byte[64 * 1024];
        private readonly string head;
        private readonly string till;
        private readonly Random random;

        public Client(Uri address, string token, string till, int seed)
        {
            (this.address, this.till) = (address, till);
            random = new Random(seed);
            head = $"POST /api/v1/sales/point-of-sale/checkout HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n";
        }

        /// <summary>Begins on a new connection.</summary>
        public void Connect()
        {
            socket.Dispose();
            socket = Unconnected();
            socket.Connect(IPAddress.Loopback, address.Port);
        }

        private static Socket Unconnected() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        /// <summary>One sale under an id and an idempotency key of its own, which are the same text.</summary>
        public Guid Sell(DateOnly? day)
        {
            var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
            var body = string.Create(CultureInfo.InvariantCulture, $$"""{"terminalId":"{{till}}","id":"{{id:D}}",{{Day(day)}}"lines":[{{Line()}},{{Line()}},{{Line()}}],"tenders":[{"method":"CASH","tendered":"500.00"}]}""");
            var length = Encoding.ASCII.GetBytes($"{head}Idempotency-Key: {id:D}\r\nContent-Length: {body.Length}\r\n\r\n{body}", buffer);
            socket.Send(buffer.AsSpan(0, length));
            Receive();
            return id;
        }

        private static string Day(DateOnly? day) => day is { } of ? string.Create(CultureInfo.InvariantCulture, $"\"businessDate\":\"{of:yyyy-MM-dd}\",") : "";

        private string Line() => $$"""{"barcode":"{{BenchShop.BarcodeOf(random.Next(BenchShop.Items))}}","quantity":"{{random.Next(1, 4)}}"}""";

        private void Receive()
        {
            var (have, whole) = (0, -1);
            while (whole < 0 || have < whole)
            {
                var more = socket.Receive(buffer.AsSpan(have));
                if (more == 0) throw new IOException("The server hung up.");
                have += more;
                if (whole < 0) whole = WholeLength(buffer.AsSpan(0, have));
            }

            if (!buffer.AsSpan(0, have).StartsWith("HTTP/1.1 201"u8)) throw new InvalidOperationException(Encoding.UTF8.GetString(buffer, 0, have));
        }

        /// <summary>Length of the answer with its head, or -1 while the head is not there.</summary>
        private static int WholeLength(ReadOnlySpan<byte> answer)
        {
            var end = answer.IndexOf("\r\n\r\n"u8);
            if (end < 0) return -1;
            var at = answer.IndexOf("Content-Length: "u8);
            if (at < 0 || at > end) throw new InvalidOperationException($"An answer without its length: {Encoding.UTF8.GetString(answer)}");
            var digits = answer[(at + "Content-Length: ".Length)..];
            return end + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
        }

        public void Dispose() => socket.Dispose();
    }
}
