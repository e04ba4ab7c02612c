using Plug1.Host.Backups;
using Plug1.Host.CommandLine;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Plug1.Host.Tests;

/// <summary>A backup is a whole business, of one moment, and was proved before it has its name.</summary>
public sealed class BackupTests(ITestOutputHelper output)
{
    private const int Clients = 4;

    [Theory, OnBothEngines]
    public async Task What_is_restored_is_what_was_backed_up_and_goes_on_trading(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        var token = await Trade.Make(plug1);
        var file = Path.Combine(plug1.Folder, "elsewhere", "today.plug1");
        int before;
        await using (var server = await plug1.Serve())
        {
            var made = await plug1.Run("backup", "--out", file);
            made.ExitCode.ShouldBe(0, made.Error);
            before = await Sales(plug1);
            await Trade.Sell(server, token, new { sku = "TEA", quantity = "2" });
            if (engine == Engine.Sqlite) (await plug1.Run("restore", "--from", file)).Error.ShouldContain("Stop it first");
            await server.Stop();
        }

        (await Sales(plug1)).ShouldBe(before + 1);
        (await plug1.Run("backup", "--out", file)).Error.ShouldContain("exists already");
        if (engine == Engine.Postgres) (await plug1.Run("restore", "--from", file)).Error.ShouldContain("--replace");
        (await Sales(plug1)).ShouldBe(before + 1);

        var restored = await plug1.Run("restore", "--from", file, "--replace");
        restored.ExitCode.ShouldBe(0, restored.Error);
        (await Sales(plug1)).ShouldBe(before);
        if (engine == Engine.Sqlite) restored.Out.ShouldContain(".before-restore-");
        (await plug1.Run("audit", "verify")).ExitCode.ShouldBe(0);
        await using (var server = await plug1.Serve())
        {
            await Trade.Sell(server, token, new { sku = "TEA", quantity = "1" });
            await Task.Delay(1500);
            await server.Stop();
        }

        await InOrder(plug1);
        (await Sales(plug1)).ShouldBe(before + 1);
    }

    [Theory, OnBothEngines]
    public async Task A_backup_made_while_four_clients_sell_is_of_one_moment_and_balances(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        var token = await Trade.Make(plug1);
        var (file, key) = (Path.Combine(plug1.Folder, "busy.plug1"), Path.Combine(plug1.Folder, "backup.key"));
        (await plug1.Run("backup", "key", "new", key)).ExitCode.ShouldBe(0);
        int first = await Sales(plug1), sold = 0, before, after;
        await using (var server = await plug1.Serve())
        {
            using var enough = new CancellationTokenSource();
            var selling = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
            {
                while (!enough.IsCancellationRequested)
                {
                    // A gram of what there are ten kilograms of, so that nobody runs out.
                    await Trade.Sell(server, token, new { sku = "cheese / \"old\"", quantity = "0.001" });
                    Interlocked.Increment(ref sold);
                }
            })));
            while (Volatile.Read(ref sold) < Clients && !selling.IsCompleted) await Task.Delay(20);
            before = Volatile.Read(ref sold);
            var made = await plug1.Run("backup", "--out", file, "--key-file", key);
            after = Volatile.Read(ref sold);
            await enough.CancelAsync();
            await selling;
            made.ExitCode.ShouldBe(0, made.Error);
            await server.Stop();
        }

        output.WriteLine($"{engine}: {after - before} sales while the backup was made and verified.");
        after.ShouldBeGreaterThan(before, "nobody sold while the backup was made");
        await using var other = await Plug1.At(engine);
        var restored = await other.Run("restore", "--from", file, "--key-file", key);
        restored.ExitCode.ShouldBe(0, restored.Error);
        (await Sales(other)).ShouldBeInRange(first + before, first + after + Clients);
        await InOrder(other);
        (await other.Run("audit", "verify")).ExitCode.ShouldBe(0);
        (await other.Run("user", "list")).Out.ShouldContain("admin");
    }

    [Theory, OnBothEngines]
    public async Task Files_beside_documents_are_restored_elsewhere_byte_for_byte(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        var token = await Trade.Make(plug1);
        var file = Path.Combine(plug1.Folder, "with-files.plug1");
        // One small, and one larger than any piece in which it could be read or written, with all bytes in it.
        var dice = new Random(7);
        var large = new byte[3_000_001];
        dice.NextBytes(large);
        byte[][] contents = [[.. "%PDF-1.7\n"u8, 0, 1, 2, 255, 0], [.. "%PDF-1.7\n"u8, .. large]];
        var addresses = new List<string>();
        await using (var server = await plug1.Serve())
        {
            var journal = await Send(server, "/api/v1/books/journals", System.Net.Http.Json.JsonContent.Create(new
            {
                kind = "journal",
                date = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime),
                text = "Rent",
                lines = new object[] { new { account = "1050", debit = "10.00" }, new { account = "3900", credit = "10.00" } },
            }));
            foreach (var content in contents)
            {
                var added = await Send(server, $"/api/v1/books/journals/{journal}/attachments?name=voucher.pdf", new ByteArrayContent(content));
                addresses.Add($"/api/v1/books/journals/{journal}/attachments/{added}");
            }
        }

        (await plug1.Run("backup", "--out", file)).ExitCode.ShouldBe(0);
        await using var other = await Plug1.At(engine);
        var restored = await other.Run("restore", "--from", file);
        restored.ExitCode.ShouldBe(0, restored.Error);
        await using var elsewhere = await other.Serve();
        elsewhere.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        foreach (var (address, content) in addresses.Zip(contents))
            (await elsewhere.Http.GetByteArrayAsync(new Uri(address, UriKind.Relative))).AsSpan().SequenceEqual(content).ShouldBeTrue(address);
        await using var database = Database.Open(other.Setting);
        var kept = await database.Read(db => db.Query($"select sha256, content from attachment order by size", row => (Sha256: row.Text(0), Content: row.Bytes(1))));
        kept.Select(one => one.Sha256).ShouldBe(contents.Select(content => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))));
        kept.ShouldAllBe(one => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(one.Content)) == one.Sha256);

        async Task<string> Send(Serving server, string path, HttpContent body)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
            ask.Headers.Authorization = new("Bearer", token);
            using var answer = await server.Http.SendAsync(ask);
            var text = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, text);
            return System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;
        }
    }

    [Theory, OnBothEngines]
    public async Task The_data_folder_remembers_the_last_backup_that_was_verified(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        await Trade.Make(plug1);
        (await LastBackup.Read(plug1.Folder, default)).ShouldBeNull();
        var file = Path.Combine(plug1.Folder, "today.plug1");
        var made = await plug1.Run("backup", "--out", file);
        made.ExitCode.ShouldBe(0, made.Error);
        var last = (await LastBackup.Read(plug1.Folder, default)).ShouldNotBeNull();
        (last.File, last.Bytes, last.Encrypted).ShouldBe((file, new FileInfo(file).Length, false));
        last.Entries.ShouldBe(await Count(plug1, "entry"));
        last.Documents.ShouldBe(await Count(plug1, "document"));
        last.VerifiedAt.ShouldBeGreaterThanOrEqualTo(last.TakenAt);
        made.Out.ShouldContain(last.Sha256);
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file))).ShouldBe(last.Sha256);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(Path.Combine(plug1.Folder, LastBackup.FileName), "{");
        (await LastBackup.Read(plug1.Folder, default)).ShouldBeNull();
    }

    [Theory, OnBothEngines]
    public async Task A_backup_that_does_not_verify_is_deleted_and_the_one_before_stays_the_last(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        await Trade.Make(plug1);
        var (first, second) = (Path.Combine(plug1.Folder, "first.plug1"), Path.Combine(plug1.Folder, "second.plug1"));
        await using var at = await Common.Enter(new Place(plug1.Folder, plug1.Setting), default);
        var made = await Backup.Make(at, first, null, new Told(_ => { }), default);
        var spoil = new Told(step =>
        {
            // Between writing and verifying, as a bad disk would.
            if (step.What != "Restoring it beside to verify it") return;
            using var stream = File.OpenWrite(Directory.GetFiles(plug1.Folder, "second.plug1*").Single());
            stream.Position = stream.Length / 2;
            stream.WriteByte(0x55);
            stream.WriteByte(0xAA);
        });
        var failure = await Should.ThrowAsync<CommandFailure>(Backup.Make(at, second, null, spoil, default));
        failure.Message.ShouldContain("did not verify and was deleted");
        failure.ExitCode.ShouldBe(ExitCode.Refused);
        Directory.GetFileSystemEntries(plug1.Folder, "second*").ShouldBeEmpty();
        Directory.GetFileSystemEntries(plug1.Folder, "*.work").ShouldBeEmpty();
        (await LastBackup.Read(plug1.Folder, default)).ShouldNotBeNull().ShouldSatisfyAllConditions(
            last => (last.File, last.TakenAt, last.Sha256, last.Audit).ShouldBe((made.File, made.TakenAt, made.Sha256, made.Audit)), last => last.Ledger.ShouldBe(made.Ledger));
        if (engine == Engine.Postgres) (await Leftovers(at.Database)).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_restored_is_compared_with_what_the_snapshot_held()
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        await Trade.Make(plug1);
        await using var database = Database.Open(plug1.Setting);
        var held = await database.Read(db => Totals.Of(db, default));
        await Backup.Compare(plug1.Setting, held, default);
        var euro = held.Units["EUR"];
        Totals[] others =
        [
            held with { Documents = held.Documents + 1 }, held with { Transactions = 0 }, held with { Entries = 0 }, held with { AuditEvents = 0 }, held with { Facts = 0 }, held with { Users = 9 },
            held with { Units = new Dictionary<string, UnitTotal>(held.Units) { ["EUR"] = euro with { Debits = euro.Debits + "0" } } },
            held with { Units = held.Units.Where(unit => unit.Key != "EUR").ToDictionary() },
            held with { Audit = held.Audit with { Hash = new string('a', 64) } }, held with { Audit = held.Audit with { WaitingEvents = 99 } },
        ];
        foreach (var other in others) (await Should.ThrowAsync<CommandFailure>(Backup.Compare(plug1.Setting, other, default))).Message.ShouldContain("not what the backup should hold");
    }

    [Fact]
    public async Task A_database_that_a_killed_backup_left_is_dropped_by_the_next_one_and_one_in_use_is_not()
    {
        await using var plug1 = await Plug1.At(Engine.Postgres);
        await using var database = Database.Open(plug1.Setting);
        var oid = await database.Read(db => db.Number(Sql.Raw("select oid::bigint from pg_database where datname = current_database()")));
        await using (var db = await database.Reader()) await db.Execute(Sql.Raw($"create database plug1_beside_{oid}_17"));
        await using (await BesideDatabase.Create(plug1.Setting, default))
        {
            (await Leftovers(database)).ShouldBe(1);
            await using (await BesideDatabase.Create(plug1.Setting, default)) (await Leftovers(database)).ShouldBe(2);
        }

        (await Leftovers(database)).ShouldBe(0);
    }

    /// <summary>Databases that verifying has made beside a business and not dropped.</summary>
    public static Task<long> Leftovers(Database database) => database.Read(db => db.Number(Sql.Raw(
        "select count(*) from pg_database where starts_with(datname, 'plug1_beside_' || (select oid from pg_database where datname = current_database()) || '_')")));

    private static async Task InOrder(Plug1 plug1)
    {
        var check = await plug1.Run("ledger", "check");
        check.ExitCode.ShouldBe(0, check.Out);
    }

    private static async Task<int> Sales(Plug1 plug1) => (int)await Count(plug1, "pos_sale");

    private static async Task<long> Count(Plug1 plug1, string table)
    {
        await using var database = Database.Open(plug1.Setting);
        return await database.Read(db => db.Number(Sql.Raw($"select count(*) from {table}")));
    }

    private sealed class Told(Action<Step> told) : IProgress<Step>
    {
        public void Report(Step value) => told(value);
    }
}
