#!/usr/bin/env python3
"""Gives a running cloud with simulated hosts a bit of everything to do. See README.md.

usage: make-log.py CAIRN IDENTITY_PORT COMPUTE_PORT IMAGE_PORT     (CAIRN: the checkout's ./cairn; CAIRN_STATE is set)
"""
import json, os, signal, subprocess, sys, threading, time, urllib.error, urllib.request

CAIRN, IDENTITY, COMPUTE, IMAGE = sys.argv[1], *(f"http://127.0.0.1:{port}" for port in sys.argv[2:5])
STATE = os.environ["CAIRN_STATE"]


def ask(method, url, body=None, token=None, headers=None, raw=None):
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    request.add_header("Content-Type", "application/octet-stream" if raw is not None else "application/json")
    if token:
        request.add_header("X-Auth-Token", token)
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text, status, found = answer.read(), answer.status, answer.headers
    except urllib.error.HTTPError as refused:
        text, status, found = refused.read(), refused.code, refused.headers
    except OSError as gone:
        text, status, found = str(gone).encode(), 0, {}
    try:
        parsed = json.loads(text) if text else None
    except ValueError:
        parsed = text.decode(errors="replace")
    print(method, url.split("/", 3)[-1], status, "" if status in range(200, 300) else str(parsed)[:160], flush=True)
    return status, parsed, found


class User:
    def __init__(self, name, password, project):
        user = {"name": name, "password": password, "domain": {"id": "default"}}
        scope = {"project": {"name": project, "domain": {"id": "default"}}}
        body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
        _, told, headers = ask("POST", f"{IDENTITY}/v3/auth/tokens", body)
        self.token, self.project, self.id = headers["X-Subject-Token"], told["token"]["project"]["id"], told["token"]["user"]["id"]

    def identity(self, method, path, body=None):
        return ask(method, f"{IDENTITY}/v3{path}", body, self.token)[1]

    def compute(self, method, path, body=None, version="2.1", headers=None):
        given = {"OpenStack-API-Version": f"compute {version}", **(headers or {})}
        return ask(method, f"{COMPUTE}/v2.1{path}", body, self.token, given)[1]

    def image(self, method, path, body=None, raw=None, headers=None):
        return ask(method, f"{IMAGE}/v2{path}", body, self.token, headers, raw)[1]

    def make_image(self, name, fmt, content, **more):
        made = self.image("POST", "/images", {"name": name, "disk_format": fmt, "container_format": "bare", **more})
        self.image("PUT", f"/images/{made['id']}/file", raw=content)
        return made["id"]

    def boot(self, name, image, flavor="1", **more):
        told = self.compute("POST", "/servers", {"server": {"name": name, "imageRef": image, "flavorRef": flavor, **more}})
        return told["server"]["id"] if isinstance(told, dict) and "server" in told else None

    def act(self, server, **action):
        return self.compute("POST", f"/servers/{server}/action", action)

    def settled(self, *servers, seconds=60):
        end = time.time() + seconds
        for server in servers:
            while time.time() < end:
                told = (self.compute("GET", f"/servers/{server}") or {}).get("server")
                if told is None or told.get("OS-EXT-STS:task_state") is None and told["status"] != "BUILD":
                    break
                time.sleep(0.4)


def password(name):
    with open(f"{STATE}/{name}.password") as file:
        return file.read().strip()


def kill(name):
    """At once; its supervisor starts it again."""
    with open(f"{STATE}/run/{name}.pid") as file:
        os.kill(int(file.read()), signal.SIGKILL)


def stop(name):
    """Ends the process and its supervisor, as ./cairn down does."""
    common = os.path.join(os.path.dirname(CAIRN), "infra/cloud/common.sh")
    subprocess.run(["bash", "-c", f". {common}; stop {name} 30"], check=True, stdout=subprocess.DEVNULL)


QCOW2 = b"QFI\xfb" + (3).to_bytes(4, "big") + bytes(16) + (1 << 20).to_bytes(8, "big") + bytes(72)


def accounts(admin):
    projects = [admin.identity("POST", "/projects", {"project": {"name": f"up-{i}", "domain_id": "default"}})["project"]["id"] for i in range(3)]
    users = [admin.identity("POST", "/users", {"user": {"name": f"ann-{i}", "password": "first pass", "domain_id": "default", "default_project_id": projects[0]}})["user"]["id"] for i in range(3)]
    roles = {role["name"]: role["id"] for role in admin.identity("GET", "/roles")["roles"]}
    for user in users:
        admin.identity("PUT", f"/projects/{projects[0]}/users/{user}/roles/{roles['member']}")
    admin.identity("PUT", f"/projects/{projects[1]}/users/{users[0]}/roles/{roles['admin']}")
    admin.identity("DELETE", f"/projects/{projects[1]}/users/{users[0]}/roles/{roles['admin']}")
    admin.identity("PATCH", f"/users/{users[1]}", {"user": {"email": "ann@example.org", "enabled": False}})
    admin.identity("PATCH", f"/projects/{projects[1]}", {"project": {"description": "ünïcode", "enabled": False}})
    admin.identity("POST", "/projects", {"project": {"name": "up-0", "domain_id": "default"}})  # taken
    ann = User("ann-0", "first pass", "up-0")
    ann.identity("POST", f"/users/{ann.id}/password", {"user": {"original_password": "first pass", "password": "second pass"}})
    ann = User("ann-0", "second pass", "up-0")
    ask("DELETE", f"{IDENTITY}/v3/auth/tokens", None, ann.token, {"X-Subject-Token": ann.token})
    admin.identity("DELETE", f"/users/{users[2]}")
    admin.identity("DELETE", f"/projects/{projects[2]}")
    return User("ann-0", "second pass", "up-0")


def resources(admin, demo):
    for name, vcpus, ram in (("up.small", 1, 256), ("up.huge", 500, 900000)):
        body = {"name": name, "vcpus": vcpus, "ram": ram, "disk": 1, "OS-FLV-EXT-DATA:ephemeral": 1, "swap": 64, "rxtx_factor": 2}
        admin.compute("POST", "/flavors", {"flavor": {**body, "id": name}})
    gone = admin.compute("POST", "/flavors", {"flavor": {"name": "up.gone", "vcpus": 1, "ram": 1, "disk": 0, "id": "auto"}})
    admin.compute("DELETE", f"/flavors/{gone['flavor']['id']}")
    good = admin.make_image("good", "qcow2", QCOW2, visibility="public", tags=["a", "b"], os_distro="none")
    bad = admin.make_image("bad", "qcow2", QCOW2[:8] + (1).to_bytes(8, "big") + QCOW2[16:], visibility="public")
    old = admin.make_image("old", "raw", b"x" * 4096)
    patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
    admin.image("PATCH", f"/images/{old}", [{"op": "replace", "path": "/name", "value": "older"}], headers=patch)
    admin.image("DELETE", f"/images/{old}")
    admin.image("POST", "/images", {"name": "queued", "disk_format": "raw", "container_format": "bare"})
    network = {"label": "second", "cidr": "10.98.0.0/28", "bridge": "br902"}
    second = admin.compute("POST", "/os-networks", {"network": network})["network"]["id"]
    third = admin.compute("POST", "/os-networks", {"network": {"label": "gone", "cidr": "10.97.0.0/28", "bridge": "br903"}})
    admin.compute("DELETE", f"/os-networks/{third['network']['id']}")
    for name in ("one", "two"):
        demo.compute("POST", "/os-keypairs", {"keypair": {"name": name}})
    demo.compute("DELETE", "/os-keypairs/two")
    return good, bad, second


def servers(admin, demo, ann, good, bad, second):
    web = demo.boot("web", good, key_name="one", metadata={"role": "web"}, user_data="IyEvYmluL3NoCg==")
    twin = demo.boot("twin", good, "up.small", networks=[{"uuid": second, "fixed_ip": "10.98.0.9"}])
    demo.boot("no-key", good, key_name="none")
    broken = demo.boot("broken", bad)
    demo.settled(web, twin, broken)
    quota = {"instances": 5, "cores": 600, "ram": -1, "floating_ips": 3, "key_pairs": 7, "metadata_items": 5}
    admin.compute("PUT", f"/os-quota-sets/{demo.project}", {"quota_set": quota})
    admin.compute("PUT", f"/os-quota-sets/{demo.project}", {"quota_set": {"instances": 1}})  # below what is in use
    admin.compute("PUT", f"/os-quota-sets/{ann.project}", {"quota_set": {"cores": 3, "security_group_rules": 5}})
    admin.compute("DELETE", f"/os-quota-sets/{ann.project}")
    admin.compute("PUT", f"/os-quota-sets/{ann.project}", {"quota_set": {"injected_files": 2, "ram": 4096}})
    demo.boot("too-many", good, min_count=9, max_count=9)
    homeless = demo.boot("homeless", good, "up.huge")  # no host is that large
    many = [demo.boot("many", good, min_count=1, max_count=9)]  # as many as fit
    ann.boot("big", good, "4")  # over the quota of memory
    ann.boot("small", good, "2")
    demo.settled(homeless, *many)
    demo.act(web, **{"os-stop": None})
    demo.settled(web)
    demo.act(web, **{"os-stop": None})  # refused: stopped
    demo.act(web, **{"os-start": None})
    demo.settled(web)
    for how in ("SOFT", "HARD"):
        demo.act(web, reboot={"type": how})
        demo.settled(web)
    demo.compute("PUT", f"/servers/{web}", {"server": {"name": "renamed"}})
    demo.compute("PUT", f"/servers/{web}", {"server": {"description": "“text”"}}, version="2.19")
    demo.compute("POST", f"/servers/{web}/metadata", {"metadata": {"a": "1"}})
    demo.compute("DELETE", f"/servers/{web}/metadata/role")
    for each in demo.compute("GET", "/servers")["servers"]:
        if each["name"].startswith(("many", "homeless", "broken")):
            demo.compute("DELETE", f"/servers/{each['id']}")
    time.sleep(3)
    short = demo.boot("short-lived", good)
    demo.compute("DELETE", f"/servers/{short}")
    demo.settled(short)
    return web, twin


def hosts(admin, demo, good, web):
    services = [one for one in admin.compute("GET", "/os-services")["services"] if one["binary"] == "nova-compute"]
    first, other = services[0]["host"], services[1]["host"]
    disable = {"host": first, "binary": "nova-compute", "disabled_reason": "fan"}
    admin.compute("PUT", "/os-services/disable-log-reason", disable)
    admin.compute("PUT", "/os-services/disable", {"host": other, "binary": "nova-compute"})
    admin.compute("PUT", "/os-services/enable", {"host": other, "binary": "nova-compute"})
    forced = admin.boot("forced", good, availability_zone=f"nova:{first}")
    admin.settled(forced)
    admin.compute("PUT", "/os-services/enable", {"host": first, "binary": "nova-compute"})
    kill("agent")  # the hosts start again, with their servers on them
    demo.act(web, **{"os-stop": None})
    time.sleep(10)
    demo.settled(web)
    kill("agent")  # now with a server that is stopped, and stays so
    time.sleep(10)
    demo.act(web, **{"os-start": None})
    demo.settled(web)


def cut_off(demo, good, rounds):
    """Kills the controller while it launches, a little later each time: reservations without their servers."""
    for i in range(rounds):
        wish = {"imageRef": good, "flavorRef": "up.small", "min_count": 3, "max_count": 3}
        bodies = [{"server": {"name": f"cut-{i}-{n}", **wish}} for n in range(3)]
        asked = [threading.Thread(target=demo.compute, args=("POST", "/servers", body)) for body in bodies]
        for each in asked:
            each.start()
        time.sleep(0.03 + 0.03 * i)
        kill("controller")
        for each in asked:
            each.join()
        for _ in range(100):
            time.sleep(0.3)
            if ask("GET", f"{COMPUTE}/")[0] != 0:
                break


def main():
    admin, demo = User("admin", password("admin"), "admin"), User("demo", password("demo"), "demo")
    ann = accounts(admin)
    good, bad, second = resources(admin, demo)
    web, twin = servers(admin, demo, ann, good, bad, second)
    hosts(admin, demo, good, web)
    admin.compute("PUT", f"/os-quota-sets/{demo.project}", {"quota_set": {"instances": 400, "cores": -1}})
    cut_off(demo, good, 6)
    time.sleep(40)  # until what was cut off is settled
    for each in demo.compute("GET", "/servers")["servers"]:
        if each["name"].startswith("cut"):
            demo.compute("DELETE", f"/servers/{each['id']}")
    time.sleep(5)
    # At the end something of each kind is left to do.
    stop("agent")
    demo.boot("waits", good)
    demo.act(web, reboot={"type": "HARD"})
    demo.compute("DELETE", f"/servers/{twin}")
    cut_off(demo, good, 3)
    time.sleep(2)  # until the lists show it


main()
