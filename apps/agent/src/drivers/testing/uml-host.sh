#!/bin/sh
# The first process of a host in User Mode Linux, whose root is this machine's file system. On the kernel's command line:
# host_program=FILE host_node=FILE. What it changes stays in memory: /run, /mnt, /usr/local/sbin and its own network.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/mnt HOME=/mnt
mount -t proc proc /proc
mount -t sysfs sys /sys
for folder in /run /mnt /usr/local/sbin; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
for word in $(cat /proc/cmdline); do
  case $word in
    host_program=*) program=${word#*=} ;;
    host_node=*) node=${word#*=} ;;
  esac
done
mkdir -p /run/kernel/lib
ln -s /usr/lib/uml/modules /run/kernel/lib/modules
printf '#!/bin/sh\nexec /sbin/modprobe -d /run/kernel "$@"\n' > /usr/local/sbin/modprobe
chmod 755 /usr/local/sbin/modprobe
for module in tun veth bridge nf_tables; do modprobe "$module"; done
ip link set dev lo up
ip link set dev vec0 up
# This kernel filters frames, but has no tables of IPv4 and IPv6: those are left out of what nft is given.
cat > /usr/local/sbin/nft << 'SCRIPT'
#!/bin/sh
[ "$1" = -f ] || exec /usr/sbin/nft "$@"
awk '/^table ip6? / { skipped = 1 } !skipped && !/^[a-z]+ [a-z]+ ip6? / { print } /^}/ { skipped = 0 }' | /usr/sbin/nft -f -
SCRIPT
chmod 755 /usr/local/sbin/nft
stty raw -echo
"$node" "$program"
busybox poweroff -f
