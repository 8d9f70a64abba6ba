/** IFNAMSIZ of Linux is 16 with the closing zero; other characters would need quotes in the rules of a host's firewall. */
const NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,14}$/;

/** Whether hosts make a bridge of that name: the controller refuses other names, so that no launch has to fail for it. */
export const isBridgeName = (text: string): boolean => NAME.test(text);
