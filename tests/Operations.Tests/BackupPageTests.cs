using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Host.Backups;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>Backups as an administrator meets them: one now, one each night, the last that was proved, and a word when one fails.</summary>
public sealed class BackupPageTests
{
    private const string Backups = "/api/v1/operations/backups";

    [Theory, OnBothEngines]
    public async Task A_backup_now_is_made_verified_told_downloaded_and_the_oldest_beyond_the_number_kept_is_deleted(Engine engine)
    {
        await using var site = await Bare.Open(engine);
        using var admin = await site.SetUp();
        var none = await admin.Get(Backups);
        (none.Json["last"], none.Json["nextAt"], none.Json["plan"]!["active"]!.GetValue<bool>()).ShouldBe((null, null, false));

        var first = await Make(admin);
        var told = await admin.Get(Backups);
        var run = told.Json["items"]![0]!;
        (run["state"]!.ToString(), run["askedBy"]!.ToString(), run["documents"]!.GetValue<int>()).ShouldBe(("done", "olga", 0), run.ToJsonString());
        told.Json["last"]!["sha256"]!.ToString().ShouldBe(run["sha256"]!.ToString());
        run["auditEvents"]!.GetValue<int>().ShouldBeGreaterThan(2);

        var file = Directory.GetFiles(Path.Combine(site.Folder, "backups")).Single();
        Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file))).ShouldBe(run["sha256"]!.ToString());
        var taken = await admin.Get($"{Backups}/{first}/file");
        (taken.Status, taken.Type, taken.Message.Content.Headers.ContentDisposition!.FileName).ShouldBe((200, "application/octet-stream", Path.GetFileName(file)));
        (await site.Count("select count(*) from audit_event where function = 'kernel.backups' and action = 'download' and outcome = 'done'")).ShouldBe(1);

        (await Plan(admin, new { active = false, at = "02:30", timeZone = "Europe/Vienna", keep = 1 })).Status.ShouldBe(200);
        await Make(admin);
        Directory.GetFiles(Path.Combine(site.Folder, "backups")).Length.ShouldBe(1);
        File.Exists(file).ShouldBeFalse();
        (await admin.Get($"{Backups}/{first}/file")).Code.ShouldBe("BACKUP_FILE_GONE");
        (await admin.Get($"{Backups}?limit=1"))["next"].ShouldNotBeEmpty();

        using var cashier = new Browser(site.Address);
        await cashier.SignIn("kim", "a long first password");
        await cashier.Send("PUT", "/api/v1/session/password", """{"current":"a long first password","new":"another long password"}""");
        (await cashier.Get(Backups)).Code.ShouldBe("PERMISSION_DENIED");
        (await cashier.Get($"{Backups}/{first}/file")).Code.ShouldBe("PERMISSION_DENIED");
        (await cashier.Post($"{Backups}/run", new { })).Code.ShouldBe("PERMISSION_DENIED");
        (await site.Count("select count(*) from audit_event where function = 'kernel.backups' and outcome = 'denied'")).ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task What_is_due_by_the_plan_is_made_by_one_of_two_nodes_encrypted_once_a_day(Engine engine)
    {
        await using var site = await Bare.Open(engine);
        using var admin = await site.SetUp();
        await BackupKey.New(Path.Combine(site.Folder, "backup.key"), CancellationToken.None);
        var runs = site.Services.GetRequiredService<BackupRuns>();
        var plan = new BackupPlan(true, "00:00", "UTC", "backups", 3);
        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => runs.Claim(plan, CancellationToken.None)));
        claims.Count(claim => claim is not null).ShouldBe(1);
        (await site.Count("select count(*) from backup_run")).ShouldBe(1);
        await site.Database.Write(tx => tx.Execute($"delete from backup_run"));

        var planned = await Plan(admin, new { active = true, at = "00:00", timeZone = "UTC", keep = 3, keyFile = "backup.key" });
        planned.Status.ShouldBe(200, planned.Text);
        site.Services.GetRequiredService<JobHost>().RunNow("backup");
        var run = await Until(admin, answer => answer.Json["items"]!.AsArray().FirstOrDefault(item => item!["state"]!.ToString() is "done" or "failed"));
        (run["state"]!.ToString(), run["askedBy"]!.ToString(), run["encrypted"]!.GetValue<bool>()).ShouldBe(("done", "system", true), run.ToJsonString());
        site.Services.GetRequiredService<JobHost>().RunNow("backup");
        await Task.Delay(300);
        (await site.Count("select count(*) from backup_run")).ShouldBe(1);
        DateTimeOffset.Parse((await admin.Get(Backups))["nextAt"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(TimeProvider.System.GetUtcNow());
    }

    [Theory, OnBothEngines]
    public async Task A_backup_that_fails_says_why_and_tells_the_administrators(Engine engine)
    {
        await using var site = await Bare.Open(engine);
        using var admin = await site.SetUp();
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "backups"), "a file where the folder should be");
        (await admin.Post($"{Backups}/run", new { })).Status.ShouldBe(202);
        var run = await Until(admin, answer => answer.Json["items"]!.AsArray().FirstOrDefault(item => item!["state"]!.ToString() is "done" or "failed"));
        (run["state"]!.ToString(), run["error"]!.ToString().Length > 10).ShouldBe(("failed", true));
        (await site.Count("select count(*) from notice n join notice_recipient r on r.notice_id = n.id join app_user u on u.id = r.user_id where n.kind = 'backup-failed' and u.user_name = 'olga'")).ShouldBe(1);
        (await admin.Get(Backups)).Json["last"].ShouldBeNull();
    }

    [Fact]
    public async Task A_plan_that_cannot_be_kept_is_refused_at_what_is_wrong_with_it()
    {
        await using var site = await Bare.Open(Engine.Sqlite);
        using var admin = await site.SetUp();
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "no.key"), "no key");
        foreach (var (body, code, pointer) in new (object, string, string)[]
        {
            (new { active = true, at = "2:30", timeZone = "UTC" }, "BACKUP_TIME_INVALID", "/at"), (new { active = true, at = "25:00", timeZone = "UTC" }, "BACKUP_TIME_INVALID", "/at"),
            (new { active = true, at = "02:30", timeZone = "Mars/Base" }, "TIME_ZONE_UNKNOWN", "/timeZone"), (new { active = true, at = "02:30", timeZone = "UTC", keep = 0 }, "BACKUP_KEEP_INVALID", "/keep"),
            (new { active = true, at = "02:30", timeZone = "UTC", folder = "/etc" }, "BACKUP_FOLDER_OUTSIDE", "/folder"), (new { active = true, at = "02:30", timeZone = "UTC", folder = "../beside" }, "BACKUP_FOLDER_OUTSIDE", "/folder"),
            (new { active = true, at = "02:30", timeZone = "UTC", folder = "plug1.key" }, "BACKUP_FOLDER_UNUSABLE", "/folder"), (new { active = true, at = "02:30", timeZone = "UTC", keyFile = "no.key" }, "BACKUP_KEY_UNUSABLE", "/keyFile"),
            (new { active = true, at = "02:30", timeZone = "UTC", keyFile = "/etc/shadow" }, "BACKUP_KEY_UNUSABLE", "/keyFile"),
        })
        {
            var answer = await Plan(admin, body);
            (answer.Code, answer.Pointers is [var at, ..] ? at : null).ShouldBe((code, pointer), answer.Text);
        }

        (await Plan(admin, new { active = true, at = "02:30", timeZone = "UTC" })).Status.ShouldBe(200);
        (await admin.Post($"{Backups}/plan", new { active = true, at = "03:30", timeZone = "UTC" }, ("If-Match", "\"7\""))).Code.ShouldBe("VERSION_CONFLICT");
        (await admin.Get(Backups)).Json["plan"]!["at"]!.ToString().ShouldBe("02:30");
    }

    [Fact]
    public void The_next_run_skips_the_hour_that_the_clock_skips_and_the_day_that_had_its_run()
    {
        var plan = new BackupPlan(true, "02:30", "Europe/Vienna", "backups", 3);
        var evening = new DateTimeOffset(2026, 3, 28, 20, 0, 0, TimeSpan.Zero);
        BackupPlans.Next(plan, evening, null).ShouldBe(new DateTimeOffset(2026, 3, 28, 1, 30, 0, TimeSpan.Zero));
        // On 29 March 2026 the clock goes from 2:00 to 3:00: 3:00 summer time is 1:00 UTC.
        BackupPlans.Next(plan, evening, new DateOnly(2026, 3, 28)).ShouldBe(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero));
        BackupPlans.Next(plan with { Active = false }, evening, null).ShouldBeNull();
    }

    private static Task<Answered> Plan(Browser admin, object body) => admin.Post($"{Backups}/plan", body);

    private static async Task<string> Make(Browser admin)
    {
        var asked = await admin.Post($"{Backups}/run", new { });
        asked.Status.ShouldBe(202, asked.Text);
        await Until(admin, answer => answer.Json["items"]!.AsArray().FirstOrDefault(item => item!["id"]!.ToString() == asked["id"] && item["state"]!.ToString() == "done"));
        return asked["id"];
    }

    private static async Task<JsonNode> Until(Browser admin, Func<Answered, JsonNode?> found)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var answer = await admin.Get(Backups);
            if (found(answer) is { } node) return node;
            await Task.Delay(200);
        }

        throw new TimeoutException((await admin.Get(Backups)).Text);
    }
}
